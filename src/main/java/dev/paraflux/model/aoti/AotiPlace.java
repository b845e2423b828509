package dev.paraflux.model.aoti;

import dev.paraflux.device.Buffer;
import dev.paraflux.model.pretrained.KeptPlaces;
import dev.paraflux.model.torch.CapturedCall;
import dev.paraflux.model.torch.TorchArguments;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchTarget;
import dev.paraflux.model.torch.TorchTensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The tensors of states and predictions that lie somewhere, the former among all inputs. Code for a device was compiled for
 * states that begin at a boundary of 16 bytes; rows that are no multiple of it need not. A copy of such states is given.
 */
final class AotiPlace implements KeptPlaces.Place {
    private static final int BOUNDARY = 16;

    private final Tensor states;
    private final Tensor predictions;
    /** Of the states, and on what it lies; null where they themselves are given. */
    private final Tensor copy;
    private final Buffer memory;
    private final TensorVector inputs;
    private final CapturedCall captured;

    /** @param given the inputs behind x, which stay their owner's */
    AotiPlace(TorchTarget target, TorchGraphs graphs, long statesAt, long predictionsAt, long[] sizes, int dim,
            TorchArguments given) {
        boolean copied = !target.isHost() && statesAt % BOUNDARY != 0;
        memory = copied ? target.rows().allocate((int) sizes[0], dim) : null;
        copy = copied ? TorchTensors.at(memory.address(0), sizes, target, torch.ScalarType.Float) : null;
        states = TorchTensors.at(statesAt, sizes, target, torch.ScalarType.Float);
        predictions = TorchTensors.at(predictionsAt, sizes, target, torch.ScalarType.Float);
        inputs = new TensorVector(2L + given.inputs());
        inputs.put(0, copied ? copy : states);
        inputs.put(1, given.times());
        for (int k = 0; k < given.inputs(); k++) {
            inputs.put(2L + k, given.input(k));
        }
        captured = new CapturedCall(graphs, predictions);
    }

    Tensor predictions() {
        return predictions;
    }

    /** All inputs, at the present states. */
    TensorVector inputs() {
        if (copy != null) {
            copy.copy_(states);
        }
        return inputs;
    }

    /** The call here as a graph. */
    CapturedCall captured() {
        return captured;
    }

    @Override
    public void close() {
        captured.close();
        inputs.close();
        states.close();
        predictions.close();
        if (copy != null) {
            copy.close();
            memory.close();
        }
    }
}
