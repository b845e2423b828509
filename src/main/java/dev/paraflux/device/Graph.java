package dev.paraflux.device;

/**
 * Work that was captured from a {@link Queue}, and is given to it as one: on CUDA a graph, which takes the host some
 * microseconds where each of its kernels took some. The memory that it works in is the caller's, stays where it is, and is
 * read as it is when the graph is launched.
 */
public final class Graph extends NativeMemory {
    private final Queue queue;
    private final Lane.Captured captured;

    private Graph(Queue queue, Lane.Captured captured) {
        super("Graph");
        this.queue = queue;
        this.captured = captured;
        lifetime.watch();
    }

    /**
     * Captures what other native code gives to a queue by its {@link Queue#handle}. Nothing of it is done meanwhile.
     *
     * @param work gives it, on this thread; it does not wait, and what it asks of the queue itself is refused
     * @throws IllegalStateException if the queue is closed, or its device has no graphs, as the host, or a graph cannot hold
     *                               what the work does; what the work throws is thrown on. The queue goes on in any case
     */
    public static Graph capture(Queue queue, Runnable work) {
        queue.lifetime.acquire();
        try {
            return new Graph(queue, queue.underWay().capture(work));
        } finally {
            queue.lifetime.release();
        }
    }

    /** What it was captured from, and is launched on. */
    public Queue queue() {
        return queue;
    }

    /**
     * Gives all of it to its queue.
     *
     * @throws IllegalStateException if it or the queue is closed, or the device fails
     */
    public void launch() {
        lifetime.acquire();
        try {
            queue.lifetime.acquire();
            try {
                captured.launch();
            } finally {
                queue.lifetime.release();
            }
        } finally {
            lifetime.release();
        }
    }

    /** What is under way is waited for first. */
    @Override
    void free() {
        captured.free();
    }
}
