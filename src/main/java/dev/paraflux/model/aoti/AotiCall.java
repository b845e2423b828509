package dev.paraflux.model.aoti;

import dev.paraflux.device.Queue;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.KeptPlaces;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.RefusedCall;
import dev.paraflux.model.torch.OwnedPointers;
import dev.paraflux.model.torch.TorchTensors;
import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The tensors of one batch size: made once. A call makes the answer, in the model's memory, and copies it once. */
final class AotiCall implements ModelCall {
    private final AotiModule module;
    private final long[] sizes;
    private final OwnedPointers owned = new OwnedPointers();
    private final Tensor[] others;
    private final KeptPlaces<AotiPlace> places;

    AotiCall(AotiModule module, Arguments arguments) {
        this.module = module;
        sizes = TorchTensors.sizes(arguments.rows(), arguments.card().shape());
        others = new Tensor[1 + arguments.card().inputs().size()];
        places = new KeptPlaces<>(
                (statesAt, predictionsAt) -> new AotiPlace(statesAt, predictionsAt, sizes, others));
        try {
            others[0] = TorchTensors.times(arguments, owned);
            for (int k = 1; k < others.length; k++) {
                others[k] = TorchTensors.input(arguments, k - 1, owned);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    @Override
    @SuppressWarnings("try") // The guard works by being open.
    public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
        module.useThreads();
        try (InferenceMode inference = new InferenceMode(true)) {
            AotiPlace place = places.at(statesAt, predictionsAt);
            if (module.isNew()) {
                compareInputs(place);
            }
            try (TensorVector answers = module.run(place.inputs())) {
                take(answers, place);
            }
        } catch (RefusedCall e) {
            throw e;
        } catch (RuntimeException e) {
            throw RefusedCall.failed(module.words().of(e), e);
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
        owned.close();
    }
}
