package dev.paraflux.device;

import java.util.Arrays;

/** The few distinct buffers that a list of row operations names: kept open while a kernel runs on them. */
final class BufferSet {
    private Buffer[] buffers = new Buffer[8];
    private int size;
    private int held;

    void clear() {
        truncate(0);
    }

    int size() {
        return size;
    }

    /** Forgets the buffers that were added last. */
    void truncate(int newSize) {
        Arrays.fill(buffers, newSize, size, null);
        size = newSize;
    }

    /** Adds a buffer whose rows must have the same length, on the same device, as those there already. */
    void add(Buffer buffer) {
        if (size > 0 && buffers[size - 1] == buffer) {
            return;
        }
        for (int i = 0; i < size; i++) {
            if (buffers[i] == buffer) {
                return;
            }
        }
        if (size > 0) {
            buffer.requireFits(buffers[0]);
        }
        if (size == buffers.length) {
            buffers = Arrays.copyOf(buffers, 2 * size);
        }
        buffers[size++] = buffer;
    }

    /** Adds two buffers, or, if one of them does not fit, none. */
    void add(Buffer first, Buffer second) {
        int known = size;
        add(first);
        try {
            add(second);
        } catch (RuntimeException | Error e) {
            truncate(known);
            throw e;
        }
    }

    int dim() {
        return buffers[0].dim();
    }

    Device device() {
        return buffers[0].device();
    }

    void acquire() {
        for (held = 0; held < size; held++) {
            buffers[held].acquire();
        }
    }

    void release() {
        while (held > 0) {
            buffers[--held].release();
        }
    }
}
