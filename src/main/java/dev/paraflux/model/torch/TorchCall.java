package dev.paraflux.model.torch;

import dev.paraflux.device.Queue;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.KeptPlaces;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.RefusedCall;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.OptionalStreamGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The tensors of one batch size: made once, so that a model call makes nothing but what libtorch itself does. The tensors
 * of states and predictions point into the caller's rows, and are kept for the places met last.
 */
final class TorchCall implements ModelCall {
    private final TorchModule module;
    private final long[] sizes;
    private final OwnedPointers owned = new OwnedPointers();
    private final TorchArguments given;
    private final IValue[] others;
    private final IValueVector stack;
    private final KeptPlaces<TorchPlace> places;
    private TorchPlace place;
    private long statesVersion;
    private int made;
    private final long[] inputVersions;

    TorchCall(TorchModule module, Arguments arguments) {
        this.module = module;
        List<ModelInput> named = arguments.card().inputs();
        sizes = TorchTensors.sizes(arguments.rows(), arguments.card().shape());
        places = new KeptPlaces<>(
                (statesAt, predictionsAt) -> new TorchPlace(module.target(), module.graphs(), statesAt, predictionsAt,
                        sizes));
        given = new TorchArguments(module.target(), arguments);
        inputVersions = new long[named.size()];
        others = new IValue[1 + named.size()];
        try {
            others[0] = owned.own(new IValue(given.times()));
            for (int k = 0; k < given.inputs(); k++) {
                others[1 + k] = owned.own(new IValue(given.input(k)));
            }
            stack = owned.own(new IValueVector(1L + others.length));
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    @Override
    public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
        try {
            point(statesAt, predictionsAt);
            given.bring(queue);
            if (made < TorchModule.WARM_UPS) {
                // In these libtorch rewrites the module.
                TorchRoom.get(() -> forward(queue));
            } else if (!place.captured().launch(queue)) {
                forward(queue);
            }
        } catch (ModelException | RefusedCall e) {
            throw e;
        } catch (RuntimeException e) {
            if (TorchWords.areOfMemory(e)) {
                module.graphs().release();
                throw new OutOfMemoryError(module + ": " + TorchWords.of(e));
            }
            if (TorchWords.areRaised(e)) {
                ModelException failure = new ModelException(module + " fails: " + TorchWords.of(e));
                failure.addSuppressed(e);
                throw failure;
            }
            throw RefusedCall.failed(TorchWords.of(e), e);
        }
    }

    @SuppressWarnings("try") // The guards work by being open.
    private Void forward(Queue queue) {
        module.useThreads();
        try (InferenceMode inference = new InferenceMode(true);
                OptionalStreamGuard stream = module.target().follow(queue)) {
            boolean captures = made > 0 && module.graphs().areMade();
            long timesVersion = captures ? given.times()._version() : 0;
            module.forward(this);
            made = Math.min(made + 1, TorchModule.WARM_UPS);
            // Made once more it would go on from what it has changed, times among it, which are set before every call.
            if (captures && !hasChangedInputs() && given.times()._version() == timesVersion) {
                place.captured().capture(queue, () -> module.forward(this));
            }
        }
        return null;
    }

    /**
     * Whether the module has changed x, or an input, in place since they were set: libtorch counts the changes of every
     * tensor, whatever they do to its values.
     */
    @Override
    public boolean hasChangedInputs() {
        boolean changed = place.states()._version() != statesVersion;
        for (int k = 0; k < given.inputs(); k++) {
            changed |= given.input(k)._version() != inputVersions[k];
        }
        return changed;
    }

    /** Modules that take whole times are many, and what they say of others helps nobody. */
    @Override
    public String hint() {
        return TorchRoom.get(this::hintOfTimes);
    }

    @SuppressWarnings("try") // The guard works by being open.
    private String hintOfTimes() {
        module.useThreads();
        try (InferenceMode inference = new InferenceMode(true);
                Tensor longTimes = given.times().to(torch.ScalarType.Long);
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
        return made > 0;
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
            TorchTensors.take(result, place.predictions(), sizes, module.isNarrow(), "its forward answers");
        }
    }

    private static String kind(IValue answer) {
        return answer.isTuple() ? "a tuple" : answer.isGenericDict() ? "a dict" : answer.isList() ? "a list"
                : answer.isNone() ? "None" : "something that is no tensor";
    }

    /** Has x and the predictions at these addresses. */
    private void point(long statesAt, long predictionsAt) {
        if (place != null && hasChangedInputs()) {
            // A module can change x to another shape, too.
            places.forget(place);
        }
        place = null;
        place = places.at(statesAt, predictionsAt);
        statesVersion = place.states()._version();
        for (int k = 0; k < given.inputs(); k++) {
            inputVersions[k] = given.input(k)._version();
        }
    }

    @Override
    public void close() {
        places.close();
        owned.close();
        given.close();
    }
}
