package dev.paraflux.model.aoti;

import dev.paraflux.device.Queue;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.KeptPlaces;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.RefusedCall;
import dev.paraflux.model.torch.OwnedPointers;
import dev.paraflux.model.torch.TorchArguments;
import dev.paraflux.model.torch.TorchTensors;
import dev.paraflux.model.torch.TorchWords;
import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.OptionalStreamGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The tensors of one batch size: made once. A call makes the answer, in the model's memory, and copies it once. */
final class AotiCall implements ModelCall {
    private final AotiModule module;
    private final long[] sizes;
    private final TorchArguments given;
    private final KeptPlaces<AotiPlace> places;

    AotiCall(AotiModule module, Arguments arguments) {
        this.module = module;
        sizes = TorchTensors.sizes(arguments.rows(), arguments.card().shape());
        given = new TorchArguments(module.target(), arguments);
        int dim = arguments.card().dim();
        places = new KeptPlaces<>((statesAt, predictionsAt) -> new AotiPlace(module.target(), module.graphs(), statesAt,
                predictionsAt, sizes, dim, given));
    }

    @Override
    public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
        try {
            AotiPlace place = places.at(statesAt, predictionsAt);
            given.bring(queue);
            if (!place.captured().launch(queue)) {
                evaluate(place, queue);
            }
        } catch (OutOfMemoryError e) {
            module.graphs().release();
            throw e;
        } catch (RefusedCall e) {
            throw e;
        } catch (RuntimeException e) {
            // Of libtorch's own, around the call.
            throw RefusedCall.failed(TorchWords.of(e), e);
        }
    }

    @SuppressWarnings("try") // The guards work by being open.
    private void evaluate(AotiPlace place, Queue queue) {
        module.useThreads();
        try (InferenceMode inference = new InferenceMode(true);
                OptionalStreamGuard stream = module.target().follow(queue)) {
            if (module.isNew()) {
                compareInputs(place);
            }
            answer(place);
            // Made once more it would go on from what it has changed.
            if (module.graphs().areMade() && !module.changesInputs()) {
                place.captured().capture(queue, () -> answer(place));
            }
        }
    }

    private void answer(AotiPlace place) {
        try (TensorVector answers = module.run(place.inputs())) {
            take(answers, place);
        }
    }

    /** Whether its inputs are what they were: libtorch does not count what compiled code changes. */
    private void compareInputs(AotiPlace place) {
        TensorVector inputs = place.inputs();
        try (OwnedPointers copies = new OwnedPointers(); TensorVector copied = new TensorVector(inputs.size())) {
            for (long k = 0; k < inputs.size(); k++) {
                copied.put(k, copies.own(inputs.get(k).clone()));
            }
            module.run(copied).close();
            boolean changed = false;
            for (long k = 0; k < inputs.size(); k++) {
                changed |= !copied.get(k).equal(inputs.get(k));
            }
            module.setChangesInputs(changed);
        }
    }

    private void take(TensorVector answers, AotiPlace place) {
        if (answers.empty()) {
            throw RefusedCall.answered("it answers nothing: it must answer one tensor, of the shape and type of x");
        }
        try (Tensor answer = answers.get(0)) {
            TorchTensors.take(answer, place.predictions(), sizes, true, "it answers");
        }
    }

    /** What is compiled changes its inputs in every call, or in none. */
    @Override
    public boolean hasChangedInputs() {
        return module.changesInputs();
    }

    @Override
    public void close() {
        places.close();
        given.close();
    }
}
