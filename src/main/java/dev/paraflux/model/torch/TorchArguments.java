package dev.paraflux.model.torch;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Resources;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.ModelInput;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The tensors of what a call takes besides x: over the arguments' own memory on the host, and over memory of its own on another
 * device, where times are brought before every call and the rest when it has changed.
 */
@SuppressWarnings("exports") // Whoever uses it has libtorch.
public final class TorchArguments implements AutoCloseable {
    private final Arguments arguments;
    private final OwnedPointers owned = new OwnedPointers();
    private final Resources memory = new Resources();
    private final Tensor times;
    private final Tensor[] inputs;
    /** On another device than the host: a row each, of as many bytes. */
    private final Buffer timesThere;
    private final Buffer[] inputsThere;
    private final FloatBuffer[] values;
    private long brought;

    /**
     * Makes them.
     *
     * @param target where the model works
     * @throws OutOfMemoryError if there is no memory for them there; nothing is taken then
     */
    public TorchArguments(TorchTarget target, Arguments arguments) {
        this.arguments = arguments;
        List<ModelInput> named = arguments.card().inputs();
        inputs = new Tensor[named.size()];
        inputsThere = new Buffer[named.size()];
        values = new FloatBuffer[named.size()];
        try {
            if (target.isHost()) {
                timesThere = null;
                times = TorchTensors.times(arguments, owned);
                for (int k = 0; k < inputs.length; k++) {
                    inputs[k] = TorchTensors.input(arguments, k, owned);
                }
                return;
            }
            timesThere = memory.allocate(target.rows(), 1, arguments.rows());
            times = owned.own(TorchTensors.at(timesThere.address(0), new long[] {arguments.rows()}, target,
                    torch.ScalarType.Float));
            for (int k = 0; k < inputs.length; k++) {
                ByteBuffer bytes = arguments.values(k);
                values[k] = bytes.duplicate().order(bytes.order()).clear().asFloatBuffer();
                inputsThere[k] = memory.allocate(target.rows(), 1, values[k].capacity());
                inputs[k] = owned.own(TorchTensors.at(inputsThere[k].address(0),
                        TorchTensors.sizes(arguments.rows(), named.get(k).shape()), target,
                        named.get(k).type() == ModelInput.Type.INT64 ? torch.ScalarType.Long
                                : torch.ScalarType.Float));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    /** float32 [rows]. */
    public Tensor times() {
        return times;
    }

    /** How many inputs there are. */
    public int inputs() {
        return inputs.length;
    }

    /**
     * An input, [rows, its shape].
     *
     * @param k its number among the card's inputs
     */
    public Tensor input(int k) {
        return inputs[k];
    }

    /** Has the present values be there in the order of the queue; nothing on the host, where they are. */
    public void bring(Queue queue) {
        if (timesThere == null) {
            return;
        }
        queue.write(arguments.times(), timesThere, 0);
        if (brought != arguments.version()) {
            for (int k = 0; k < inputs.length; k++) {
                queue.write(values[k], inputsThere[k], 0);
            }
            brought = arguments.version();
        }
    }

    @Override
    public void close() {
        owned.close();
        memory.close();
    }
}
