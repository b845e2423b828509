package dev.paraflux.device;

import java.nio.ByteBuffer;

/** Zeroed bytes outside the Java heap that the host sees, from a 64-byte boundary on: arguments of models, for example. */
public final class HostBytes extends NativeMemory {
    private static final int ALIGNMENT = 64;

    private final NativeBlock block;

    /**
     * Takes memory.
     *
     * @param bytes 1 or more
     * @param what  says what it is for
     * @throws OutOfMemoryError if it cannot be allocated; nothing is taken then
     */
    public HostBytes(long bytes, String what) {
        super("HostBytes");
        block = take(MemorySource.HOST, bytes, what, taken -> taken);
    }

    /** The next multiple of 64, which a part that stands behind another begins at. */
    public static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * A part, in the machine's byte order. It must not be touched once this is closed.
     *
     * @throws IndexOutOfBoundsException if it lies outside
     */
    public ByteBuffer view(long from, long count) {
        lifetime.requireOpen();
        return block.bytes(from, count);
    }

    @Override
    void free() {
        block.free();
    }
}
