package dev.paraflux.device;

import java.util.function.Function;

/**
 * Something that owns memory outside the Java heap. It is freed by {@link #close()}, at once, and never by the garbage
 * collector; one that is forgotten is told of once, see {@link Lifetime}.
 */
public abstract sealed class NativeMemory implements AutoCloseable
        permits Buffer, HostBytes, Queue, Graph, GramState {
    final Lifetime lifetime;

    NativeMemory(String name) {
        lifetime = new Lifetime(name);
    }

    /** Bytes outside the Java heap, of the host and of devices, that the library's buffers and queues hold now. */
    public static long allocatedBytes() {
        return NativeBlock.taken();
    }

    /**
     * Takes a block, and makes what looks at it.
     *
     * @param from where it comes from
     * @param what says what it is for
     * @throws OutOfMemoryError if it cannot be allocated; nothing is taken then
     */
    final <T> T take(MemorySource from, long bytes, String what, Function<NativeBlock, T> views) {
        NativeBlock block = new NativeBlock(from, bytes, what);
        try {
            T taken = views.apply(block);
            lifetime.watch();
            return taken;
        } catch (RuntimeException | Error e) {
            block.free();
            throw e;
        }
    }

    /** Gives the memory back; nobody uses it any more. */
    abstract void free();

    /**
     * Frees the memory. A second call does nothing.
     *
     * @throws IllegalStateException if native code or a run is using it; it stays open then
     */
    @Override
    public final void close() {
        if (lifetime.close()) {
            free();
        }
    }
}
