package dev.paraflux.model.torch;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.ModelException;
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
 * The tensors of one batch size: made once, so that a model call makes nothing but what libtorch itself does. The tensors
 * of states and predictions point into the caller's rows, and are kept for the {@value #PLACES} places met last.
 */
final class TorchBatch implements AutoCloseable {
    private static final int PLACES = 8;

    private final ModelCard card;
    private final int size;
    private final long[] shape;
    private final TorchRows padded;
    private final FloatPointer times;
    private final LongPointer labels;
    private final FloatPointer embeddings;
    private final Condition[] embedded;
    private final Tensor timeTensor;
    private final Tensor conditionTensor;
    private final IValue[] others;
    private final IValueVector stack;
    private final TorchPlace[] places = new TorchPlace[PLACES];
    private TorchPlace place;
    private long uses;
    private long statesVersion;
    private long conditionVersion;

    /** @param padded the rows that batches are padded in, and bigger ones too; its owner's */
    TorchBatch(ModelCard card, TorchRows padded, int size) {
        this.card = card;
        this.size = size;
        this.padded = padded;
        shape = new long[] {size, card.shape().get(0), card.shape().get(1), card.shape().get(2)};
        embedded = new Condition[size];
        try {
            times = new FloatPointer((long) size);
            timeTensor = torch.from_blob(times, size);
            labels = card.input() == ModelCard.Input.LABEL ? new LongPointer((long) size) : null;
            embeddings = card.input() == ModelCard.Input.EMBEDDING
                    ? new FloatPointer((long) size * card.embedding().get(0) * card.embedding().get(1)) : null;
            conditionTensor = conditionTensor();
            others = conditionTensor == null ? new IValue[] {new IValue(timeTensor)}
                    : new IValue[] {new IValue(timeTensor), new IValue(conditionTensor)};
            stack = new IValueVector(1L + others.length);
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
        padded.setIdle(size);
        for (int i = 0; i < size; i++) {
            times.put(i, 0);
            if (labels != null) {
                labels.put(i, label);
            }
        }
        if (embeddings != null) {
            float[] row = TorchRows.idle((int) (embeddings.capacity() / size));
            for (int i = 0; i < size; i++) {
                embeddings.position((long) i * row.length).put(row);
            }
            embeddings.position(0);
        }
        Arrays.fill(embedded, null);
        point(padded.statesAddress(), padded.predictionsAddress());
    }

    /**
     * Whether the module has changed x, or the conditions, in place since they were set: libtorch counts the changes of
     * every tensor, whatever they do to its values.
     */
    boolean hasChangedInputs() {
        return place.states()._version() != statesVersion
                || conditionTensor != null && conditionTensor._version() != conditionVersion;
    }

    /** Whether x is the caller's own rows. */
    boolean isInPlace() {
        return place.statesAt() != padded.statesAddress();
    }

    /**
     * Sets the arguments of some rows of a batch, at most as many as this size. The last row is repeated where they are
     * fewer.
     *
     * @param copied whether the module is given copies of its inputs, because it changes them
     */
    void set(Batch rows, int from, int to, boolean copied) {
        if (copied) {
            Arrays.fill(embedded, null);
        }
        for (int i = 0; i < size; i++) {
            int row = Math.min(from + i, to - 1);
            times.put(i, (float) rows.level(row).time());
            setCondition(i, rows.condition(row));
        }
        if (to - from == size && !copied) {
            point(rows.states().address(rows.stateRow(from)), rows.predictions().address(rows.predictionRow(from)));
        } else {
            padded.take(rows, from, to, size);
            point(padded.statesAddress(), padded.predictionsAddress());
        }
    }

    /** Puts the predictions where the batch wants them. */
    void finish(Batch rows, int from, int to) {
        if (place.predictionsAt() == padded.predictionsAddress()) {
            padded.give(rows, from, to);
        }
    }

    /** The arguments, whatever the last call has left of them. */
    IValueVector arguments() {
        stack.resize(1L + others.length);
        stack.put(0, place.value());
        for (int k = 0; k < others.length; k++) {
            stack.put(1L + k, others[k]);
        }
        return stack;
    }

    /** The arguments with whole-number times, for telling why a module fails. */
    IValueVector withWholeTimes() {
        IValueVector whole = arguments();
        try (Tensor longTimes = timeTensor.to(torch.ScalarType.Long); IValue value = new IValue(longTimes)) {
            whole.put(1, value);
        }
        return whole;
    }

    /** Takes the module's answer. */
    void take(IValue answer) {
        if (!answer.isTensor()) {
            throw new ModelException("its forward answers " + kind(answer) + ": it must answer one tensor, of the shape"
                    + " and type of x; export it in a wrapper that returns the prediction alone");
        }
        try (Tensor result = answer.toTensor()) {
            requireShape(result);
            place.predictions().copy_(result);
        }
        // The answer's memory is libtorch's again, for the next call.
        stack.resize(0);
    }

    private static String kind(IValue answer) {
        return answer.isTuple() ? "a tuple" : answer.isGenericDict() ? "a dict" : answer.isList() ? "a list"
                : answer.isNone() ? "None" : "something that is no tensor";
    }

    /** Refuses an answer that does not have the shape and type of the states. */
    private void requireShape(Tensor result) {
        // Asked so, no object is made: no other type of floating point has four bytes.
        boolean same = result.dim() == shape.length && result.is_floating_point()
                && result.element_size() == Float.BYTES;
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
            long length = embeddings.capacity() / size;
            ((Condition.Embedding) condition)
                    .writeTo(embeddings.position(i * length).limit((i + 1) * length).asBuffer());
            embeddings.position(0).limit(embeddings.capacity());
            embedded[i] = condition;
        }
    }

    /** Has x and the predictions at these addresses. */
    private void point(long statesAt, long predictionsAt) {
        if (place != null && hasChangedInputs()) {
            // A module can change x to another shape, too.
            forget(place);
        }
        int oldest = 0;
        place = null;
        for (int k = 0; k < PLACES && place == null; k++) {
            if (places[k] != null && places[k].isAt(statesAt, predictionsAt)) {
                place = places[k];
            }
            boolean older = places[k] == null || places[oldest] != null && places[k].used < places[oldest].used;
            oldest = older ? k : oldest;
        }
        if (place == null) {
            if (places[oldest] != null) {
                forget(places[oldest]);
            }
            place = new TorchPlace(statesAt, predictionsAt, shape);
            places[oldest] = place;
        }
        place.used = ++uses;
        statesVersion = place.states()._version();
        conditionVersion = conditionTensor == null ? 0 : conditionTensor._version();
    }

    private void forget(TorchPlace old) {
        for (int k = 0; k < PLACES; k++) {
            places[k] = places[k] == old ? null : places[k];
        }
        old.close();
    }

    @Override
    public void close() {
        for (TorchPlace one : places) {
            if (one != null) {
                one.close();
            }
        }
        // Null are those that a constructor which failed did not come to.
        for (IValue other : others == null ? new IValue[0] : others) {
            other.close();
        }
        for (Pointer pointer : new Pointer[] {stack, timeTensor, conditionTensor, times, labels, embeddings}) {
            if (pointer != null) {
                pointer.close();
            }
        }
    }
}
