package dev.paraflux.device;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that native code writes to, or reads from, until a queue is waited for: taken piece by piece, and all of it free
 * again after the wait. It grows to the most that there was between two waits.
 */
final class Arena {
    private static final int FIRST_BYTES = 1 << 12;

    private final MemorySource source;
    private final String what;
    /** What pieces were taken from since the last wait, the last one being taken from now. */
    private final List<Block> blocks = new ArrayList<>();
    private long taken;
    /** Where the next piece begins; it may be behind the block. */
    private long used;

    /** A stretch of memory, and how Java sees it. */
    static final class Block {
        private final NativeBlock memory;
        private final int bytes;
        final DoubleBuffer doubles;
        final FloatBuffer floats;

        private Block(MemorySource source, int bytes, String what) {
            this.bytes = bytes;
            memory = new NativeBlock(source, bytes, what);
            doubles = memory.bytes(0, bytes).asDoubleBuffer();
            floats = memory.bytes(0, bytes).asFloatBuffer();
        }

        /** The address of a byte of it. */
        long address(int at) {
            return memory.address() + at;
        }
    }

    /** @param what says what the memory is for */
    Arena(MemorySource source, String what) {
        this.source = source;
        this.what = what;
    }

    /**
     * Takes a piece.
     *
     * @param bytes 0 or more
     * @return where it lies in {@link #block()}, a multiple of 64 bytes
     * @throws OutOfMemoryError if there is no memory, or a view could not count so many bytes; nothing is taken then
     */
    int take(long bytes) {
        if (bytes > HostRows.MAX_VIEW_BYTES) {
            throw new OutOfMemoryError("no memory for " + what + ": " + bytes + " bytes in one piece, of which "
                    + HostRows.MAX_VIEW_BYTES + " can be seen at once");
        }
        if (blocks.isEmpty() || bytes > block().bytes - used) {
            long wanted = Math.max(FIRST_BYTES, 2 * (taken + bytes));
            blocks.add(new Block(source, (int) Math.min(wanted, HostRows.MAX_VIEW_BYTES), what));
            used = 0;
        }
        int at = (int) used;
        used = HostBytes.aligned(used + bytes);
        taken += bytes;
        return at;
    }

    /** What the last piece was taken from. */
    Block block() {
        return blocks.get(blocks.size() - 1);
    }

    /** Bytes that were taken since the last wait. */
    long taken() {
        return taken;
    }

    /** Frees all pieces, after the wait. */
    void clear() {
        while (blocks.size() > 1) {
            blocks.remove(0).memory.free();
        }
        used = 0;
        taken = 0;
    }

    /** Gives the memory back. */
    void free() {
        blocks.forEach(block -> block.memory.free());
        blocks.clear();
    }
}
