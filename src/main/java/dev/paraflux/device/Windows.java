package dev.paraflux.device;

import static dev.paraflux.device.Layout.WINDOW;

import java.nio.LongBuffer;
import java.util.Arrays;

/** The windows of a {@link WindowTable}: where each begins, and what its rows keep from round to round. */
final class Windows {
    private static final int FIRST = 4;

    private int[] firsts = new int[FIRST];
    private int[] firstEstimates = new int[FIRST];
    private long[] words = new long[FIRST * WINDOW];
    private GramState[] grams = new GramState[FIRST];
    private int[] firstGrams = new int[FIRST];
    private int count;
    private int held;

    void clear() {
        Arrays.fill(grams, 0, count, null);
        count = 0;
    }

    int count() {
        return count;
    }

    /** Takes back the windows from this one on; where the first of them began. */
    int truncate(int newCount) {
        int rows = firsts[newCount];
        Arrays.fill(grams, newCount, count, null);
        count = newCount;
        return rows;
    }

    void begin(int firstRow, int firstEstimate, int history, double ridge, GramState state, int firstGram) {
        if (count == firsts.length) {
            int capacity = 2 * count;
            words = Arrays.copyOf(words, capacity * WINDOW);
            grams = Arrays.copyOf(grams, capacity);
            firstGrams = Arrays.copyOf(firstGrams, capacity);
            firstEstimates = Arrays.copyOf(firstEstimates, capacity);
            firsts = Arrays.copyOf(firsts, capacity);
        }
        firsts[count] = firstRow;
        firstEstimates[count] = firstEstimate;
        grams[count] = state;
        firstGrams[count] = firstGram;
        words[count * WINDOW + Layout.HISTORY] = history;
        words[count * WINDOW + Layout.RIDGE] = Double.doubleToRawLongBits(ridge);
        count++;
    }

    /** The first row of the window begun last. */
    int firstRow() {
        if (count == 0) {
            throw new IllegalStateException("no window was begun");
        }
        return firsts[count - 1];
    }

    /** The first estimate of the window begun last; 0 if none was. */
    int firstEstimate() {
        return count == 0 ? 0 : firstEstimates[count - 1];
    }

    int firstEstimateOf(int window) {
        return firstEstimates[window];
    }

    int endOfEstimates(int window, int estimates) {
        return end(firstEstimates, window, estimates);
    }

    /** Refuses a row of which no inner products could be kept. */
    void requireRoom(int rows) {
        int inWindow = rows - firstRow();
        GramState state = grams[count - 1];
        if (state != null && firstGrams[count - 1] + (long) inWindow >= state.rows()) {
            throw new IndexOutOfBoundsException(
                    "row " + inWindow + " of the window has no place in the inner products: "
                            + state.rows() + " rows, of which the window's first is " + firstGrams[count - 1]);
        }
    }

    private int end(int window, int rows) {
        return end(firsts, window, rows);
    }

    /** Where a window's own end, of so many that all windows have, by where each window's begin. */
    private int end(int[] begins, int window, int all) {
        return window + 1 < count ? begins[window + 1] : all;
    }

    private int most(int[] begins, int all) {
        int most = 0;
        for (int w = 0; w < count; w++) {
            most = Math.max(most, end(begins, w, all) - begins[w]);
        }
        return most;
    }

    boolean isEmpty(int window, int rows) {
        return end(window, rows) == firsts[window];
    }

    int longest(int rows) {
        return most(firsts, rows);
    }

    int mostEstimates(int estimates) {
        return most(firstEstimates, estimates);
    }

    /** Lays the windows out as they are measured. */
    void stage(LongBuffer to, int rows, int estimates) {
        for (int w = 0; w < count; w++) {
            words[w * WINDOW + Layout.ESTIMATES] = endOfEstimates(w, estimates) - firstEstimates[w];
            words[w * WINDOW + Layout.ROWS] = end(w, rows) - firsts[w];
            words[w * WINDOW + Layout.GRAMS] = 0;
        }
        to.put(0, words, 0, count * WINDOW);
    }

    /** Refuses windows of which native code, which does not look, would read what no round has written. */
    void requireUse(int rows, WindowResults results) {
        for (int w = 0; w < count; w++) {
            if (isWeighed(w, rows, results)) {
                results.requireUse(firsts[w], end(w, rows), (int) words[w * WINDOW + Layout.HISTORY]);
            }
        }
    }

    boolean anyWeighed(int rows, WindowResults results) {
        for (int w = 0; w < count; w++) {
            if (isWeighed(w, rows, results)) {
                return true;
            }
        }
        return false;
    }

    private boolean isWeighed(int window, int rows, WindowResults results) {
        return grams[window] != null && results.anyUse(firsts[window], end(window, rows));
    }

    /** Lays the windows out as they are weighed: those that are left out have no inner products. */
    void stageUsed(LongBuffer to, int rows, WindowResults results) {
        for (int w = 0; w < count; w++) {
            words[w * WINDOW + Layout.ROWS] = end(w, rows) - firsts[w];
            words[w * WINDOW + Layout.GRAMS] = isWeighed(w, rows, results) ? grams[w].address(firstGrams[w]) : 0;
        }
        to.put(0, words, 0, count * WINDOW);
    }

    /** Says so of rows that were left out. */
    void leaveOut(int rows, WindowResults results) {
        for (int w = 0; w < count; w++) {
            if (!isWeighed(w, rows, results)) {
                results.leaveOut(firsts[w], end(w, rows));
            }
        }
    }

    /** Keeps the inner products from being closed. */
    void acquire() {
        for (held = 0; held < count; held++) {
            if (grams[held] != null) {
                grams[held].lifetime.acquire();
            }
        }
    }

    void release() {
        while (held > 0) {
            if (grams[--held] != null) {
                grams[held].lifetime.release();
            }
        }
    }
}
