package dev.paraflux.model.torch;

import dev.paraflux.device.Graph;
import dev.paraflux.device.Queue;
import org.bytedeco.pytorch.Tensor;

/** A call at one place as a graph, once the same queue has made it kernel by kernel some times, one after the other. */
@SuppressWarnings("exports") // Whoever uses it has libtorch.
public final class CapturedCall implements AutoCloseable {
    private final TorchGraphs graphs;
    private final Tensor predictions;
    /** That the queue has made kernel by kernel. */
    private int calls;
    private Queue lastQueue;
    private Graph graph;

    /**
     * Nothing is captured yet.
     *
     * @param graphs      of the model
     * @param predictions what the call writes; it stays its owner's
     */
    public CapturedCall(TorchGraphs graphs, Tensor predictions) {
        this.graphs = graphs;
        this.predictions = predictions;
    }

    /** Makes the call by its graph, where it has been captured from this queue; tells whether it did. */
    public boolean launch(Queue queue) {
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
     * Has the call be a graph from now on, once it has been made often enough.
     *
     * @param queue what it has just been made on
     * @param call  makes it once more
     */
    public void capture(Queue queue, Runnable call) {
        if (queue != lastQueue) {
            close();
            lastQueue = queue;
            calls = 0;
        }
        if (++calls == TorchGraphs.FIRST_CALLS) {
            graph = graphs.capture(queue, call, predictions);
        }
    }

    /** Gives the graph back, if there is one. */
    @Override
    public void close() {
        if (graph != null) {
            graphs.free(graph);
            graph = null;
        }
    }
}
