package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;

/**
 * Makes predictions not a number before a model is to write them, so that what it leaves out shows: the first and the last
 * value of a row of the host, which can be put back, and all of it on another device. For one thread at a time.
 */
final class UnwrittenRows {
    /** What was there, two values a row. */
    private final float[] ends;

    /** @param capacity most rows */
    UnwrittenRows(int capacity) {
        ends = new float[2 * capacity];
    }

    /** Spoils rows that lie side by side, on the queue where they are not the host's. */
    void mark(Buffer rows, int first, int count, Queue queue) {
        if (!rows.device().isHost()) {
            queue.spoil(rows, first, count);
            return;
        }
        int last = rows.dim() - 1;
        for (int i = 0; i < count; i++) {
            ends[2 * i] = set(rows, first + i, 0, Float.NaN);
            ends[2 * i + 1] = set(rows, first + i, last, Float.NaN);
        }
    }

    /** Puts back what {@link #mark} has found in rows of the host. */
    void restore(Buffer rows, int first, int count) {
        if (!rows.device().isHost()) {
            return;
        }
        int last = rows.dim() - 1;
        for (int i = count - 1; i >= 0; i--) {
            set(rows, first + i, last, ends[2 * i + 1]);
            set(rows, first + i, 0, ends[2 * i]);
        }
    }

    /** Sets a value, and gives the one that was there. */
    private static float set(Buffer rows, int row, int element, float value) {
        float was = rows.get(row, element);
        rows.put(row, element, value);
        return was;
    }
}
