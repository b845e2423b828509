package dev.paraflux.device;

import static dev.paraflux.device.Layout.COEFFICIENT;
import static dev.paraflux.device.Layout.INPUT;
import static dev.paraflux.device.Layout.KIND;
import static dev.paraflux.device.Layout.OUT;

import dev.paraflux.kernel.Kernels;
import java.util.Arrays;

/** The rows of a {@link RowProgram}, as native code reads them: a row, its terms, and the next row behind them. */
final class ProgramRows {
    static final int SUMS = Kernels.PARAFLUX_ROW_SQUARES | Kernels.PARAFLUX_ROW_TOTAL | Kernels.PARAFLUX_ROW_COMPARE;
    static final int FINISHES = Kernels.PARAFLUX_ROW_BLEND | Kernels.PARAFLUX_ROW_CLAMP;

    private static final int FIRST_ROWS = 16;
    private static final int MOST_WORDS = Integer.MAX_VALUE - 8;

    private long[] words = new long[FIRST_ROWS * (Layout.ROW + 3 * Layout.TERM)];
    private int used;
    private int[] starts = new int[FIRST_ROWS];
    private int rows;

    void clear() {
        rows = 0;
        used = 0;
    }

    int rows() {
        return rows;
    }

    /** Takes back the rows from this one on. */
    void truncate(int newRows) {
        if (newRows < rows) {
            used = starts[newRows];
            rows = newRows;
        }
    }

    /** Rows that there is room for. */
    int capacity() {
        return starts.length;
    }

    /** Makes room for a row of all its terms. If there is no memory for it nothing has changed. */
    void makeRoom() {
        if (rows == starts.length) {
            starts = Arrays.copyOf(starts, Layout.grown(rows, RowProgram.MAX_ROWS, "program"));
        }
        int needed = used + Layout.ROW + RowProgram.MAX_TERMS * Layout.TERM;
        if (needed > words.length) {
            words = Arrays.copyOf(words, (int) Math.min(Math.max(2L * words.length, needed), MOST_WORDS));
        }
    }

    /** Begins a row, for which there is room. */
    void begin(int kind, long out) {
        starts[rows++] = used;
        words[used + KIND] = kind;
        words[used + OUT] = out;
        used += Layout.ROW;
    }

    /** Adds a term to the row begun last, for which there is room. */
    void append(double coefficient, long input) {
        words[used + INPUT] = input;
        words[used + COEFFICIENT] = Double.doubleToRawLongBits(coefficient);
        used += Layout.TERM;
        words[starts[rows - 1] + KIND]++;
    }

    /** Refuses to say more of the last row if there is none, or if it is a copy. */
    void requireOpen() {
        if (rows == 0) {
            throw new IllegalStateException("no row was begun");
        }
        if ((kind(rows - 1) & Kernels.PARAFLUX_ROW_COPY) != 0) {
            throw new IllegalStateException("row " + (rows - 1) + " of the program is a copy, and nothing else");
        }
    }

    void requireTermFree() {
        requireOpen();
        Layout.requireRoom((int) kind(rows - 1) & Kernels.PARAFLUX_ROW_TERMS, rows - 1, "program");
    }

    void requireStored() {
        requireOpen();
        if ((kind(rows - 1) & Kernels.PARAFLUX_ROW_STORE) == 0) {
            throw new IllegalStateException("row " + (rows - 1) + " of the program is not stored");
        }
    }

    /** Refuses to say something of the last row besides what it is; of a group only one thing may be said. */
    void requireFree(int what, int group) {
        if ((kind(rows - 1) & group & ~what) != 0) {
            throw new IllegalStateException("row " + (rows - 1) + " of the program has "
                    + (group == SUMS ? "another sum already" : "a blend or a clamp already"));
        }
    }

    /** Says it. */
    void add(int what) {
        words[starts[rows - 1] + KIND] |= what;
    }

    /** Sets a member of the last row. */
    void set(int member, long value) {
        words[starts[rows - 1] + member] = value;
    }

    /** Sets a member of the last row. */
    void set(int member, double value) {
        set(member, Double.doubleToRawLongBits(value));
    }

    boolean hasSum(int row) {
        return (kind(row) & SUMS) != 0;
    }

    private long kind(int row) {
        return words[starts[row] + KIND];
    }

    /** Refuses rows that say too little to run. */
    void requireComplete() {
        for (int r = 0; r < rows; r++) {
            if ((kind(r) & Kernels.PARAFLUX_ROW_TERMS) == 0) {
                throw new IllegalStateException("row " + r + " of the program has no term");
            }
            if ((kind(r) & (Kernels.PARAFLUX_ROW_STORE | SUMS)) == 0) {
                throw new IllegalStateException("row " + r + " of the program is neither stored nor summed up");
            }
        }
    }

    /** Lays the rows out for native code. */
    void stage(WordStage stage) {
        stage.put(words, used);
    }
}
