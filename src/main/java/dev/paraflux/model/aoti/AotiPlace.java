package dev.paraflux.model.aoti;

import dev.paraflux.model.pretrained.KeptPlaces;
import dev.paraflux.model.torch.TorchTensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The tensors of states and predictions that lie somewhere, the former among all inputs. */
final class AotiPlace implements KeptPlaces.Place {
    private final Tensor states;
    private final Tensor predictions;
    private final TensorVector inputs;

    /** @param others the inputs behind x, which stay their owner's */
    AotiPlace(long statesAt, long predictionsAt, long[] sizes, Tensor[] others) {
        states = TorchTensors.at(statesAt, sizes);
        predictions = TorchTensors.at(predictionsAt, sizes);
        inputs = new TensorVector(1L + others.length);
        inputs.put(0, states);
        for (int k = 0; k < others.length; k++) {
            inputs.put(1L + k, others[k]);
        }
    }

    Tensor predictions() {
        return predictions;
    }

    /** All inputs. */
    TensorVector inputs() {
        return inputs;
    }

    @Override
    public void close() {
        inputs.close();
        states.close();
        predictions.close();
    }
}
