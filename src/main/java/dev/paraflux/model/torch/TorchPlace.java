package dev.paraflux.model.torch;

import dev.paraflux.device.Graph;
import dev.paraflux.device.Queue;
import dev.paraflux.model.pretrained.KeptPlaces;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The tensors of states and predictions that lie somewhere. Their memory is the caller's. */
final class TorchPlace implements KeptPlaces.Place {
    private final Tensor states;
    private final Tensor predictions;
    private final IValue value;
    private final TorchGraphs graphs;
    /** Calls here that the same queue has made kernel by kernel, one after the other. */
    private int calls;
    private Queue lastQueue;
    private Graph graph;

    TorchPlace(TorchTarget target, TorchGraphs graphs, long statesAt, long predictionsAt, long[] sizes) {
        this.graphs = graphs;
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

    /** Makes the call by its graph, where it has been captured from this queue. */
    boolean launch(Queue queue) {
        if (graph != null && !graphs.holds(graph)) {
            graph = null;
            calls = 0;
        }
        if (graph == null || graph.queue() != queue) {
            return false;
        }
        graph.launch();
        return true;
    }

    /**
     * Has the call be a graph from now on, once it has been made some times.
     *
     * @param queue what it has just been made on
     * @param call  makes it once more
     */
    void capture(Queue queue, Runnable call) {
        if (queue != lastQueue) {
            forget();
            lastQueue = queue;
            calls = 0;
        }
        if (++calls == TorchGraphs.FIRST_CALLS) {
            graph = graphs.capture(queue, call, predictions);
        }
    }

    private void forget() {
        if (graph != null) {
            graphs.free(graph);
            graph = null;
        }
    }

    @Override
    public void close() {
        forget();
        value.close();
        states.close();
        predictions.close();
    }
}
