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
    private final CapturedCall captured;

    TorchPlace(TorchTarget target, TorchGraphs graphs, long statesAt, long predictionsAt, long[] sizes) {
        states = TorchTensors.at(statesAt, sizes, target, torch.ScalarType.Float);
        predictions = TorchTensors.at(predictionsAt, sizes, target, torch.ScalarType.Float);
        value = new IValue(states);
        captured = new CapturedCall(graphs, predictions);
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

    /** The call here as a graph. */
    CapturedCall captured() {
        return captured;
    }

    @Override
    public void close() {
        captured.close();
        value.close();
        states.close();
        predictions.close();
    }
}
