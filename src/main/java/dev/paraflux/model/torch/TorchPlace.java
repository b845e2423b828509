package dev.paraflux.model.torch;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The tensors of states and predictions that lie somewhere. Their memory is the caller's. */
final class TorchPlace implements AutoCloseable {
    private final long statesAt;
    private final long predictionsAt;
    private final Tensor states;
    private final Tensor predictions;
    private final IValue value;
    /** When it was used last: larger is later. */
    long used;

    @SuppressWarnings("try") // The guard works by being open.
    TorchPlace(long statesAt, long predictionsAt, long[] shape) {
        this.statesAt = statesAt;
        this.predictionsAt = predictionsAt;
        // Changes are not counted of tensors that are made for inference alone.
        try (InferenceMode counted = new InferenceMode(false)) {
            states = torch.from_blob(new Address(statesAt), shape);
            predictions = torch.from_blob(new Address(predictionsAt), shape);
            value = new IValue(states);
        }
    }

    boolean isAt(long states, long predictions) {
        return statesAt == states && predictionsAt == predictions;
    }

    long statesAt() {
        return statesAt;
    }

    long predictionsAt() {
        return predictionsAt;
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

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
