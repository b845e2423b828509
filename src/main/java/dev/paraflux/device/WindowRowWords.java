package dev.paraflux.device;

import static dev.paraflux.device.Layout.WINDOW_ROW;

import java.nio.LongBuffer;
import java.util.Arrays;

/** The rows of a {@link WindowTable} as native code reads them. */
final class WindowRowWords {
    private long[] words = new long[0];

    boolean isFull(int rows) {
        return rows == words.length / WINDOW_ROW;
    }

    void reserve(int capacity) {
        words = Arrays.copyOf(words, capacity * WINDOW_ROW);
    }

    /** Begins a row: there is nothing before it that it asks for, and its right side has no term. */
    void begin(int row, long x, long residual, long map) {
        int at = row * WINDOW_ROW;
        words[at + Layout.X] = x;
        words[at + Layout.RESIDUAL] = residual;
        words[at + Layout.MAP] = map;
        words[at + Layout.PARENT] = -1;
        words[at + Layout.DROP] = -1;
        Arrays.fill(words, at + Layout.OLDS, at + Layout.RIGHT, 0);
        words[at + Layout.RIGHT + Layout.TERMS] = 0;
    }

    void requireTermFree(int row) {
        Layout.requireRoom((int) words[row * WINDOW_ROW + Layout.RIGHT + Layout.TERMS], row, "table");
    }

    void plus(int row, double coefficient, long input) {
        Layout.plus(words, row * WINDOW_ROW + Layout.RIGHT, coefficient, input);
    }

    void carry(int row, int parent, double factor) {
        words[row * WINDOW_ROW + Layout.PARENT] = parent;
        words[row * WINDOW_ROW + Layout.FACTOR] = Double.doubleToRawLongBits(factor);
    }

    void drop(int row, int dropped, double factor) {
        words[row * WINDOW_ROW + Layout.DROP] = dropped;
        words[row * WINDOW_ROW + Layout.DROP_FACTOR] = Double.doubleToRawLongBits(factor);
    }

    void old(int row, int age, long residual) {
        words[row * WINDOW_ROW + Layout.OLDS + age] = residual;
    }

    void requireTerms(int rows) {
        for (int r = 0; r < rows; r++) {
            if (words[r * WINDOW_ROW + Layout.RIGHT + Layout.TERMS] == 0) {
                throw new IllegalStateException("row " + r + " of the table has no term");
            }
        }
    }

    void stage(LongBuffer to, int rows) {
        to.put(0, words, 0, rows * WINDOW_ROW);
    }
}
