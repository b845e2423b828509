package dev.paraflux.device;

import java.util.Arrays;

/** The few distinct buffers that a table of row operations mentions: kept open while a kernel runs on them. */
final class BufferSet {
    private Buffer[] buffers = new Buffer[8];
    private int size;
    private int held;

    void clear() {
        Arrays.fill(buffers, 0, size, null);
        size = 0;
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
        if (size > 0 && buffers[0].dim() != buffer.dim()) {
            throw new IllegalArgumentException("a row of " + buffer.dim() + " values among rows of "
                    + buffers[0].dim() + ": rows of one call have one length");
        }
        if (size > 0 && buffers[0].device() != buffer.device()) {
            throw new IllegalArgumentException("a row on " + buffer.device() + " among rows on " + buffers[0].device()
                    + ": rows of one call live on one device");
        }
        if (size == buffers.length) {
            buffers = Arrays.copyOf(buffers, 2 * size);
        }
        buffers[size++] = buffer;
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
