package dev.paraflux.model.torch;

import dev.paraflux.model.pretrained.KeptPlaces;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The tensors of states and predictions that lie somewhere. Their memory is the caller's. */
final class TorchPlace implements KeptPlaces.Place {
    private final Tensor states;
    private final Tensor predictions;
    private final IValue value;

    TorchPlace(TorchTarget target, long statesAt, long predictionsAt, long[] sizes) {
        states = TorchTensors.at(statesAt, sizes, target, torch.ScalarType.Float);
        predictions = TorchTensors.at(predictionsAt, sizes, target, torch.ScalarType.Float);
        value = new IValue(states);
    }

    Tensor states() {
        return states;
    }

    Tensor predictions() {
        return predictions;
    }

    /** The states as an argument. */
    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
        states.close();
        predictions.close();
    }
}
