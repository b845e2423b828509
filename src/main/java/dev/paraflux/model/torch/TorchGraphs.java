package dev.paraflux.model.torch;

import dev.paraflux.device.Graph;
import dev.paraflux.device.Queue;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Captures calls of one model as CUDA graphs, so that a call takes one launch where it took one for each of its kernels. A
 * captured call is tried before it is used: it must answer every bit that the model itself answered. Where that is not so, or
 * the model does what a graph cannot hold, such as waiting for a number, calls are made kernel by kernel, and a warning says
 * why. For one call at a time.
 */
@SuppressWarnings("exports") // Whoever uses it has libtorch.
public final class TorchGraphs implements AutoCloseable {
    /** Calls that are made kernel by kernel at one place, from one queue, of which the last one is captured: it may come again. */
    static final int FIRST_CALLS = 2;

    private static final System.Logger LOG = System.getLogger("dev.paraflux");

    /** What captured calls work in, from the first graph to the last one's end. */
    interface Memory {
        /** What this thread's work on the queue takes from now on stays the graphs'. */
        void begin(Queue queue);

        /** Until here. */
        void end();

        /** Once for each time that it was begun, when its graph is gone. */
        void release();
    }

    private final String name;
    private final Set<Graph> open = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Null where calls are not captured. */
    private Supplier<Memory> memories;
    /** That of the graphs that are open: once the last is gone libtorch may give it back at any time. */
    private Memory memory;

    private TorchGraphs(String name, Supplier<Memory> memories) {
        this.name = name;
        this.memories = memories;
    }

    /**
     * For a model on the host, or where nobody wants any: none.
     *
     * @param name what messages call the model
     */
    public static TorchGraphs none(String name) {
        return new TorchGraphs(name, null);
    }

    /** Of a module on a device of CUDA; none where there cannot be any, which is told. */
    static TorchGraphs ofCuda(String name, byte index) {
        String missing = missingForCuda();
        if (missing.isEmpty()) {
            return new TorchGraphs(name, () -> new TorchGraphMemory(index));
        }
        TorchGraphs none = none(name);
        none.tell("they take " + missing);
        return none;
    }

    /** What libtorch's classes for CUDA lack, in words; empty where they are there. */
    public static String missingForCuda() {
        try {
            new TorchGraphMemory((byte) 0);
            return "";
        } catch (LinkageError e) {
            return TorchCudaNeeds.ofClasses(e);
        }
    }

    /** As those of CUDA, in any memory. */
    static TorchGraphs in(String name, Supplier<Memory> memories) {
        return new TorchGraphs(name, memories);
    }

    /** Whether calls are captured. */
    public boolean areMade() {
        return memories != null;
    }

    /**
     * Captures a call that has just been made on a queue.
     *
     * @param call        makes it once more
     * @param predictions what it has answered; they are the same when this returns
     * @return what makes the call from now on, on this queue and at these addresses; null if it must be made as before: so must
     *         all others then, but where there was too little memory
     */
    Graph capture(Queue queue, Runnable call, Tensor predictions) {
        try {
            Graph graph = captured(queue, call);
            open.add(graph);
            if (answersTheSame(graph, predictions)) {
                return graph;
            }
            giveUp("a captured call answers other bits");
        } catch (RuntimeException e) {
            if (TorchWords.areOfMemory(e)) {
                // It may do for the call alone, and for graphs of smaller ones.
                release();
            } else {
                giveUp(TorchWords.of(e));
            }
        } catch (OutOfMemoryError e) {
            release();
        }
        // Whatever has become of the predictions.
        call.run();
        return null;
    }

    private Graph captured(Queue queue, Runnable call) {
        if (open.isEmpty()) {
            memory = memories.get();
        }
        memory.begin(queue);
        Graph graph = null;
        try {
            graph = Graph.capture(queue, call);
            return graph;
        } finally {
            memory.end();
            if (graph == null) {
                memory.release();
            }
        }
    }

    private static boolean answersTheSame(Graph graph, Tensor predictions) {
        try (Tensor bits = predictions.view(torch.ScalarType.Int);
                Tensor expected = bits.clone();
                Tensor others = expected.bitwise_not()) {
            // Each value is another one before the launch, whatever it is: NaNs, too.
            bits.copy_(others);
            graph.launch();
            return expected.equal(bits);
        }
    }

    /** Gives a graph back that is not launched any more; nothing where all have been given back. */
    void free(Graph graph) {
        if (open.remove(graph)) {
            graph.close();
            memory.release();
        }
    }

    /** Whether a graph can still be launched. */
    boolean holds(Graph graph) {
        return open.contains(graph);
    }

    /** Gives back what all graphs hold; calls are captured anew when they come again. */
    public void release() {
        List.copyOf(open).forEach(this::free);
    }

    /** Has no more of them, and gives back those that there are: calls are made kernel by kernel. */
    private void giveUp(String why) {
        close();
        tell(why);
    }

    private void tell(String why) {
        LOG.log(System.Logger.Level.WARNING, "{0}: calls are made kernel by kernel, and not as CUDA graphs: {1}", name,
                why);
    }

    @Override
    public void close() {
        release();
        memories = null;
    }
}
