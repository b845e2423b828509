package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.device.RowCopies;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The tensors of one batch size: made once, so that a model call allocates nothing but what libtorch itself does. The
 * tensors of states and predictions point into the caller's rows, and are remade only when these move.
 */
final class TorchBatch implements AutoCloseable {
    private final ModelCard card;
    private final int size;
    private final long[] shape;
    private final FloatPointer times;
    private final LongPointer labels;
    private final FloatPointer embeddings;
    private final Condition[] embedded;
    private final Tensor timeTensor;
    private final Tensor conditionTensor;
    private final Buffer paddedStates;
    private final Buffer paddedPredictions;
    private final RowCopies copies;
    private Tensor states;
    private Tensor predictions;
    private IValueVector arguments;
    private long statesAddress;
    private long predictionsAddress;
    private long statesVersion;
    private long conditionVersion;

    TorchBatch(ModelCard card, Device device, int size) {
        this.card = card;
        this.size = size;
        shape = new long[] {size, card.shape().get(0), card.shape().get(1), card.shape().get(2)};
        copies = new RowCopies();
        embedded = new Condition[size];
        try {
            paddedStates = device.allocate(size, card.dim());
            paddedPredictions = device.allocate(size, card.dim());
            times = new FloatPointer((long) size);
            timeTensor = torch.from_blob(times, size);
            labels = card.input() == ModelCard.Input.LABEL ? new LongPointer((long) size) : null;
            embeddings = card.input() == ModelCard.Input.EMBEDDING
                    ? new FloatPointer((long) size * card.embedding().get(0) * card.embedding().get(1)) : null;
            conditionTensor = conditionTensor();
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    @SuppressWarnings("try") // The guard works by being open.
    private Tensor conditionTensor() {
        try (InferenceMode counted = new InferenceMode(false)) {
            return switch (card.input()) {
                case NONE -> null;
                case LABEL -> {
                    try (TensorOptions options = new TensorOptions(torch.ScalarType.Long)) {
                        yield torch.from_blob(labels, new long[] {size}, options);
                    }
                }
                case EMBEDDING -> torch.from_blob(embeddings, size, card.embedding().get(0), card.embedding().get(1));
            };
        }
    }

    /**
     * Sets legal arguments of no meaning, for warming up.
     *
     * @param label for models that take one
     */
    void setIdle(int label) {
        for (int i = 0; i < size; i++) {
            times.put(i, 0);
            if (labels != null) {
                labels.put(i, label);
            }
            paddedStates.write(i, idleRow(card.dim()));
        }
        if (embeddings != null) {
            float[] row = idleRow((int) (embeddings.capacity() / size));
            for (int i = 0; i < size; i++) {
                embeddings.position((long) i * row.length).put(row);
            }
            embeddings.position(0);
        }
        Arrays.fill(embedded, null);
        point(paddedStates.address(0), paddedPredictions.address(0));
    }

    /**
     * Whether the module has changed x, or the conditions, in place since they were set: libtorch counts the changes of
     * every tensor, whatever they do to its values.
     */
    boolean hasChangedInputs() {
        return states._version() != statesVersion
                || conditionTensor != null && conditionTensor._version() != conditionVersion;
    }

    /** Whether x is the caller's own rows. */
    boolean isInPlace() {
        return statesAddress != paddedStates.address(0);
    }

    private static float[] idleRow(int length) {
        float[] row = new float[length];
        for (int e = 0; e < length; e++) {
            row[e] = 0.3f + e % 7 / 10f;
        }
        return row;
    }

    /**
     * Sets the arguments of a batch of at most this size. The last row is repeated where the batch is smaller.
     *
     * @param copied whether the module is given copies of its inputs, because it changes them
     */
    void set(Batch rows, boolean copied) {
        if (copied) {
            Arrays.fill(embedded, null);
        }
        for (int i = 0; i < size; i++) {
            int row = Math.min(i, rows.size() - 1);
            times.put(i, (float) rows.level(row).time());
            setCondition(i, rows.condition(row));
        }
        if (rows.size() == size && !copied) {
            point(rows.states().address(rows.stateRow(0)), rows.predictions().address(rows.predictionRow(0)));
            return;
        }
        copies.clear();
        for (int i = 0; i < size; i++) {
            copies.add(rows.states(), rows.stateRow(Math.min(i, rows.size() - 1)), paddedStates, i);
        }
        copies.copy();
        point(paddedStates.address(0), paddedPredictions.address(0));
    }

    /** The arguments with whole-number times, for telling why a module fails. */
    IValueVector withWholeTimes() {
        IValueVector whole = new IValueVector();
        try (Tensor longTimes = timeTensor.to(torch.ScalarType.Long)) {
            for (Tensor tensor : new Tensor[] {states, longTimes, conditionTensor}) {
                if (tensor != null) {
                    try (IValue value = new IValue(tensor)) {
                        whole.push_back(value);
                    }
                }
            }
        }
        return whole;
    }

    /** Puts the predictions where the batch wants them. */
    void finish(Batch rows) {
        if (predictionsAddress != paddedPredictions.address(0)) {
            return;
        }
        copies.clear();
        for (int i = 0; i < rows.size(); i++) {
            copies.add(paddedPredictions, i, rows.predictions(), rows.predictionRow(i));
        }
        copies.copy();
    }

    IValueVector arguments() {
        return arguments;
    }

    /** Takes the module's answer. */
    void take(IValue answer) {
        if (!answer.isTensor()) {
            throw new ModelException("its forward answers " + kind(answer) + ": it must answer one tensor, of the shape"
                    + " and type of x; export it in a wrapper that returns the prediction alone");
        }
        try (Tensor result = answer.toTensor()) {
            requireShape(result);
            predictions.copy_(result);
        }
    }

    private static String kind(IValue answer) {
        return answer.isTuple() ? "a tuple" : answer.isGenericDict() ? "a dict" : answer.isList() ? "a list"
                : answer.isNone() ? "None" : "something that is no tensor";
    }

    /** Refuses an answer that does not have the shape and type of the states. */
    private void requireShape(Tensor result) {
        boolean same = result.dim() == shape.length && result.scalar_type().intern() == torch.ScalarType.Float;
        for (int i = 0; same && i < shape.length; i++) {
            same = result.size(i) == shape[i];
        }
        if (!same) {
            StringBuilder found = new StringBuilder();
            for (int i = 0; i < result.dim(); i++) {
                found.append(i == 0 ? "" : ", ").append(result.size(i));
            }
            throw new ModelException("its forward answers [" + found + "] of " + result.scalar_type().intern()
                    + " to an x of " + Arrays.toString(shape) + " of Float: it must answer the same shape and type");
        }
    }

    private void setCondition(int i, Condition condition) {
        if (labels != null) {
            labels.put(i, condition instanceof Condition.Label label ? label.label() : card.nullLabel());
        }
        // The same object says the same: conditions are immutable.
        if (embeddings != null && embedded[i] != condition) {
            float[] values = ((Condition.Embedding) condition).shared();
            embeddings.position((long) i * values.length).put(values);
            embeddings.position(0);
            embedded[i] = condition;
        }
    }

    @SuppressWarnings("try") // The guard works by being open.
    private void point(long statesAt, long predictionsAt) {
        // A module can change x to another shape, too.
        if (states == null || statesAt != statesAddress || predictionsAt != predictionsAddress || hasChangedInputs()) {
            release();
            statesAddress = statesAt;
            predictionsAddress = predictionsAt;
            // Changes are not counted of tensors that are made for inference alone.
            try (InferenceMode counted = new InferenceMode(false)) {
                states = torch.from_blob(new Address(statesAt), shape);
                predictions = torch.from_blob(new Address(predictionsAt), shape);
            }
            setArguments();
        }
        statesVersion = states._version();
        conditionVersion = conditionTensor == null ? 0 : conditionTensor._version();
    }

    private void setArguments() {
        arguments = new IValueVector();
        for (Tensor tensor : new Tensor[] {states, timeTensor, conditionTensor}) {
            if (tensor != null) {
                try (IValue value = new IValue(tensor)) {
                    arguments.push_back(value);
                }
            }
        }
    }

    private void release() {
        if (states != null) {
            arguments.close();
            states.close();
            predictions.close();
            states = null;
        }
    }

    @Override
    public void close() {
        release();
        // Null are those that a constructor which failed did not come to.
        for (Pointer pointer : new Pointer[] {timeTensor, conditionTensor, times, labels, embeddings}) {
            if (pointer != null) {
                pointer.close();
            }
        }
        for (NativeMemory memory : new NativeMemory[] {paddedStates, paddedPredictions, copies}) {
            if (memory != null) {
                memory.close();
            }
        }
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
