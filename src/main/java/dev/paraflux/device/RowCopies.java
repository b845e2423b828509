package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import java.util.Arrays;
import org.bytedeco.javacpp.LongPointer;

/**
 * A list of rows to copy, done in one native call: the gather before a model call and the scatter after it. Targets
 * overlap neither each other nor a source. For one thread at a time; allocate once and reuse. A call that is refused
 * leaves the list as it was.
 */
public final class RowCopies extends NativeMemory {
    /** Rows that a list can hold. */
    public static final int MAX_ROWS = TermList.MAX_ROWS;

    private final BufferSet buffers = new BufferSet();
    private long[] from = new long[16];
    private long[] to = new long[16];
    private int rows;
    private Staged staged;

    /** The list as native code reads it. */
    private static final class Staged {
        private final int capacity;
        private final NativeBlock block;
        private final NativeBlock.Longs from;
        private final NativeBlock.Longs to;

        Staged(NativeBlock block, int capacity) {
            this.block = block;
            this.capacity = capacity;
            from = block.longs(capacity);
            to = block.longs(capacity);
        }
    }

    /** An empty list; it grows to the most rows it has had. */
    public RowCopies() {
        super("RowCopies");
    }

    /**
     * Empties the list.
     *
     * @throws IllegalStateException if the list is closed
     */
    public void clear() {
        lifetime.requireOpen();
        rows = 0;
        buffers.clear();
    }

    /** Number of rows in the list. */
    public int rows() {
        return rows;
    }

    /**
     * Adds a copy.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException  if the rows differ in length, or from those of the list, or are one row
     * @throws IllegalStateException     if a buffer or the list is closed, or the list is full
     */
    public void add(Buffer source, int sourceRow, Buffer target, int targetRow) {
        lifetime.requireOpen();
        long sourceAddress = source.address(sourceRow);
        long targetAddress = target.address(targetRow);
        if (sourceAddress == targetAddress) {
            throw new IllegalValueException("targetRow", targetRow, "another row than the source");
        }
        if (rows == from.length) {
            grow();
        }
        int known = buffers.size();
        try {
            buffers.add(source);
            buffers.add(target);
        } catch (RuntimeException | Error e) {
            buffers.truncate(known);
            throw e;
        }
        from[rows] = sourceAddress;
        to[rows] = targetAddress;
        rows++;
    }

    private void grow() {
        int capacity = TermList.grown(rows);
        long[] newFrom = Arrays.copyOf(from, capacity);
        to = Arrays.copyOf(to, capacity);
        from = newFrom;
    }

    /**
     * Copies every row of the list.
     *
     * @throws IllegalStateException if a buffer or the list is closed
     */
    public void copy() {
        lifetime.acquire();
        try {
            if (rows == 0) {
                return;
            }
            buffers.acquire();
            stage();
            buffers.device().copy(this);
        } finally {
            buffers.release();
            lifetime.release();
        }
    }

    private void stage() {
        if (staged == null || staged.capacity < rows) {
            Staged larger = take(2L * from.length * Long.BYTES,
                    "a list of " + from.length + " copies", block -> new Staged(block, from.length));
            free();
            staged = larger;
        }
        staged.from.java().put(0, from, 0, rows);
        staged.to.java().put(0, to, 0, rows);
    }

    int dim() {
        return buffers.dim();
    }

    LongPointer sources() {
        return staged.from.pointer();
    }

    LongPointer targets() {
        return staged.to.pointer();
    }

    @Override
    void free() {
        if (staged != null) {
            staged.block.free();
            staged = null;
        }
    }
}
