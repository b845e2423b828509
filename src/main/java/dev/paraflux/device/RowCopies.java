package dev.paraflux.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.LongPointer;

/**
 * A list of rows to copy, done in one native call: the gather before a model call and the scatter after it. Targets
 * overlap neither each other nor a source. For one thread at a time; made once, refilled for ever.
 */
public final class RowCopies {
    LongPointer from;
    LongPointer to;

    private final BufferSet buffers = new BufferSet();
    private LongBuffer fromList = LongBuffer.allocate(0);
    private LongBuffer toList = LongBuffer.allocate(0);
    private int capacity;
    private int rows;

    /** An empty list; it grows to the most rows it has had. */
    public RowCopies() {
        grow(16);
    }

    private void grow(int newCapacity) {
        capacity = newCapacity;
        fromList = addresses(capacity).put(fromList.clear()).clear();
        toList = addresses(capacity).put(toList.clear()).clear();
        from = new LongPointer(fromList);
        to = new LongPointer(toList);
    }

    /** Empties the list. */
    public void clear() {
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
     * @throws IllegalStateException if a buffer is closed
     */
    public void add(Buffer source, int sourceRow, Buffer target, int targetRow) {
        if (rows == capacity) {
            grow(2 * capacity);
        }
        buffers.add(source);
        buffers.add(target);
        fromList.put(rows, source.address(sourceRow));
        toList.put(rows, target.address(targetRow));
        rows++;
    }

    /**
     * Copies every row of the list.
     *
     * @throws IllegalStateException if a buffer is closed
     */
    public void copy() {
        if (rows == 0) {
            return;
        }
        try {
            buffers.acquire();
            buffers.device().copy(this);
        } finally {
            buffers.release();
        }
    }

    int dim() {
        return buffers.dim();
    }

    private static LongBuffer addresses(int capacity) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(capacity, Long.BYTES)).order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }
}
