package dev.paraflux.model.torch;

import dev.paraflux.model.ModelException;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.RefusedCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
final class TorchCall implements ModelCall {
    private static final int PLACES = 8;

    private final TorchModule module;
    private final long[] shape;
    private final List<Pointer> owned = new ArrayList<>();
    private final Tensor times;
    private final Tensor[] inputs;
    private final IValue[] others;
    private final IValueVector stack;
    private final TorchPlace[] places = new TorchPlace[PLACES];
    private TorchPlace place;
    private long uses;
    private long statesVersion;
    private boolean tried;
    private final long[] inputVersions;

    TorchCall(TorchModule module, Arguments arguments) {
        this.module = module;
        List<ModelInput> named = arguments.card().inputs();
        shape = sizes(arguments.rows(), arguments.card().shape());
        inputs = new Tensor[named.size()];
        inputVersions = new long[named.size()];
        others = new IValue[1 + named.size()];
        try {
            times = own(torch.from_blob(own(new FloatPointer(arguments.times())), arguments.rows()));
            others[0] = own(new IValue(times));
            for (int k = 0; k < inputs.length; k++) {
                inputs[k] = own(input(arguments, k));
                others[1 + k] = own(new IValue(inputs[k]));
            }
            stack = own(new IValueVector(1L + others.length));
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    private <P extends Pointer> P own(P pointer) {
        owned.add(pointer);
        return pointer;
    }

    private static long[] sizes(int rows, List<Integer> shape) {
        long[] sizes = new long[1 + shape.size()];
        sizes[0] = rows;
        for (int k = 0; k < shape.size(); k++) {
            sizes[1 + k] = shape.get(k);
        }
        return sizes;
    }

    @SuppressWarnings("try") // The guard works by being open.
    private Tensor input(Arguments arguments, int k) {
        ModelInput input = arguments.card().inputs().get(k);
        long[] sizes = sizes(arguments.rows(), input.shape());
        // Changes are not counted of tensors that are made for inference alone.
        try (InferenceMode counted = new InferenceMode(false)) {
            if (input.type() == ModelInput.Type.FLOAT32) {
                return torch.from_blob(own(new FloatPointer(arguments.values(k).asFloatBuffer())), sizes);
            }
            try (TensorOptions options = new TensorOptions(torch.ScalarType.Long)) {
                return torch.from_blob(own(new LongPointer(arguments.values(k).asLongBuffer())), sizes, options);
            }
        }
    }

    @Override
    @SuppressWarnings("try") // The guard works by being open.
    public void run(long statesAt, long predictionsAt) {
        module.useThreads();
        try (InferenceMode inference = new InferenceMode(true)) {
            point(statesAt, predictionsAt);
            module.forward(this);
            tried = true;
        } catch (ModelException | RefusedCall e) {
            throw e;
        } catch (RuntimeException e) {
            if (TorchWords.areRaised(e)) {
                ModelException failure = new ModelException(module + " fails: " + TorchWords.of(e));
                failure.addSuppressed(e);
                throw failure;
            }
            throw RefusedCall.failed(TorchWords.of(e), e);
        }
    }

    /**
     * Whether the module has changed x, or an input, in place since they were set: libtorch counts the changes of every
     * tensor, whatever they do to its values.
     */
    @Override
    public boolean hasChangedInputs() {
        boolean changed = place.states()._version() != statesVersion;
        for (int k = 0; k < inputs.length; k++) {
            changed |= inputs[k]._version() != inputVersions[k];
        }
        return changed;
    }

    /** Modules that take whole times are many, and what they say of others helps nobody. */
    @Override
    @SuppressWarnings("try") // The guard works by being open.
    public String hint() {
        module.useThreads();
        try (InferenceMode inference = new InferenceMode(true);
                Tensor longTimes = times.to(torch.ScalarType.Long);
                IValue value = new IValue(longTimes)) {
            IValueVector whole = arguments();
            whole.put(1, value);
            module.answer(this, whole);
            return "it takes t as int64, and is given float32 [batch]: cast it in forward, t = t.long()";
        } catch (RuntimeException e) {
            return "";
        }
    }

    /** Whether it has been made before: then the module takes what it is given. */
    boolean isTried() {
        return tried;
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

    /** Takes the module's answer: a prediction, or the first of several things. */
    void take(IValue answer) {
        if (answer.isTuple()) {
            try (IValue first = first(answer)) {
                takeTensor(first);
            }
        } else {
            takeTensor(answer);
        }
        // The answer's memory is libtorch's again, for the next call.
        stack.resize(0);
    }

    private static IValue first(IValue tuple) {
        IValueVector elements = tuple.toTupleRef().elements().vec();
        if (elements.size() == 0) {
            throw RefusedCall.answered("its forward answers an empty tuple: it must answer one tensor, of the shape and"
                    + " type of x");
        }
        return new IValue(elements.get(0));
    }

    private void takeTensor(IValue answer) {
        if (!answer.isTensor()) {
            throw RefusedCall
                    .answered("its forward answers " + kind(answer) + ": it must answer one tensor, of the shape"
                            + " and type of x; export it in a wrapper that returns the prediction alone");
        }
        try (Tensor result = answer.toTensor()) {
            requireShape(result);
            place.predictions().copy_(result);
        }
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
            throw RefusedCall.answered("its forward answers [" + found + "] of " + result.scalar_type().intern()
                    + " to an x of " + Arrays.toString(shape) + " of Float: it must answer the same shape and type");
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
        for (int k = 0; k < inputs.length; k++) {
            inputVersions[k] = inputs[k]._version();
        }
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
        // What was made last is closed first.
        for (int k = owned.size() - 1; k >= 0; k--) {
            owned.get(k).close();
        }
    }
}
