package dev.paraflux.device;

import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Objects;

/**
 * Windows of rows of triangular systems, one after the other: a {@link Queue} computes their residuals of first and of
 * k-th order, their maps, and the inner products of Anderson acceleration, in one native call and one pass over memory
 * ({@link Queue#measure}); then the weights that combine each row's last maps into its next value ({@link Queue#weigh}).
 * Windows do not know each other. The arithmetic is in {@code window_residual.h} and {@code anderson.h}.
 *
 * <p>A list in the Java heap: nothing to close. For one thread at a time; make it once and refill it every round. A call
 * that is refused leaves it as it was.
 */
public final class WindowTable {
    /** Iterates a history may have, at most. */
    public static final int MAX_HISTORY = Kernels.PARAFLUX_MAX_HISTORY;

    /** Rows that all windows of a table can have, at most. */
    public static final int MAX_ROWS = 1 << 20;

    /** What became of a row in {@link Queue#weigh}. */
    public enum Outcome {
        /** The row took the plain update, as asked, or as there is no second iterate. */
        PLAIN,
        /** The row was accelerated. */
        ACCELERATED,
        /** The row's system was not positive definite: plain update. */
        INDEFINITE,
        /** The row's inner products or weights were not finite: plain update. */
        NON_FINITE;

        static final Outcome[] BY_CODE = values();
    }

    private final BufferSet buffers = new BufferSet();
    private final Windows windows = new Windows();
    private final WindowResults results = new WindowResults();
    private final Estimates estimates = new Estimates(buffers, windows, results.receipt);
    /** What takes the measures of a run when they are there. */
    final Answers.Receiver receiver = (from, at, count) -> estimates.receive(from, results.receive(from, at));
    private final WindowRowWords words = new WindowRowWords();
    private int rows;

    /** Empties the table, and forgets what was computed. */
    public void clear() {
        rows = 0;
        estimates.clear();
        windows.clear();
        buffers.clear();
        results.forget();
    }

    /**
     * Begins a window.
     *
     * @param history iterates of this round and the rounds before that rows have inner products with, 1 to
     *                {@link #MAX_HISTORY}
     * @param ridge   added to the diagonal of the small systems, 0 or more
     * @param grams   its rows' inner products from round to round; null, where the history is 1, for a window that is
     *                never weighed
     * @param first   the window's first row in {@code grams}
     * @return the table index of its first row
     * @throws IndexOutOfBoundsException if {@code grams} has no such row
     * @throws IllegalArgumentException  if the history or the ridge is out of range
     * @throws NullPointerException      if {@code grams} are missing
     */
    public int begin(int history, double ridge, GramState grams, int first) {
        Require.between(1, MAX_HISTORY, "history", history);
        Require.notNegative("ridge", ridge);
        if (history > 1) {
            Objects.requireNonNull(grams, "grams");
        }
        if (grams != null) {
            Objects.checkIndex(first, grams.rows());
        }
        windows.begin(rows, estimates.size(), history, ridge, grams, first);
        return rows;
    }

    /** Number of windows. */
    public int windows() {
        return windows.count();
    }

    /**
     * Takes back the windows from this one on, complete or not.
     *
     * @param toWindows windows that stay, 0 to {@link #windows()}
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public void truncate(int toWindows) {
        Objects.checkFromToIndex(toWindows, windows.count(), windows.count());
        if (toWindows < windows.count()) {
            estimates.truncate(windows.firstEstimateOf(toWindows));
            rows = windows.truncate(toWindows);
        }
    }

    /** Number of rows of all windows. */
    public int rows() {
        return rows;
    }

    /**
     * Begins the next row of the window begun last.
     *
     * @param state    buffer of its present value x_i
     * @param residual buffer that receives R_i
     * @param map      buffer that receives G_i
     * @throws IndexOutOfBoundsException if a buffer has no such row, or the window's {@code grams} have no more
     * @throws IllegalArgumentException  if rows are not as long as those of the table, or on another device
     * @throws IllegalStateException     if no window was begun, the table has {@link #MAX_ROWS}, or a buffer is closed
     */
    public void row(Buffer state, int stateRow, Buffer residual, int residualRow, Buffer map, int mapRow) {
        windows.requireRoom(rows);
        long x = state.address(stateRow);
        long residualAddress = residual.address(residualRow);
        long mapAddress = map.address(mapRow);
        if (words.isFull(rows)) {
            int capacity = Layout.grown(rows, MAX_ROWS, "table");
            results.reserve(capacity);
            words.reserve(capacity);
        }
        int known = buffers.size();
        try {
            buffers.add(state);
            buffers.add(residual);
            buffers.add(map);
        } catch (RuntimeException | Error e) {
            buffers.truncate(known);
            throw e;
        }
        words.begin(rows, x, residualAddress, mapAddress);
        results.begin(rows++);
    }

    /** The row begun last; it belongs to the window begun last. */
    private int last() {
        if (rows == windows.firstRow()) {
            throw new IllegalStateException("no row of the window was begun");
        }
        return rows - 1;
    }

    /**
     * Adds a term to the right side of the row begun last.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the table, or on another device
     * @throws IllegalStateException     if no row of the window was begun, the row has {@link RowProgram#MAX_TERMS} terms,
     *                                   or the buffer is closed
     */
    public void plus(double coefficient, Buffer input, int row) {
        words.requireTermFree(last());
        long address = input.address(row);
        buffers.add(input);
        words.plus(last(), coefficient, address);
    }

    /**
     * Adds what an estimate comes to be the model's output as a term to the right side of the row begun last; as {@link #plus}.
     *
     * @param estimate its table index; one of the window begun last
     * @throws IndexOutOfBoundsException if the window has no such estimate
     */
    public void plusEstimate(double coefficient, int estimate) {
        words.requireTermFree(last());
        words.plus(last(), coefficient, estimates.input(estimate));
    }

    /** What the model is taken to predict at rows where it is not asked; empty where it is asked at every row. */
    public Estimates estimates() {
        return estimates;
    }

    /**
     * Carries the residual of an earlier row of the window, times a factor, into the row begun last.
     *
     * @param parent the earlier row's index within the window
     * @throws IndexOutOfBoundsException if there is no such earlier row
     * @throws IllegalStateException     if no row of the window was begun
     */
    public void carry(int parent, double factor) {
        words.carry(last(), Objects.checkIndex(parent, rows - 1 - windows.firstRow()), factor);
    }

    /** Takes the first-order residual of an earlier row, times a factor, out of the row begun last; as {@link #carry}. */
    public void drop(int row, double factor) {
        words.drop(last(), Objects.checkIndex(row, rows - 1 - windows.firstRow()), factor);
    }

    /**
     * Names the residual that the row begun last had {@code age} rounds ago.
     *
     * @param age 1 to {@link #MAX_HISTORY} - 1
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if the age is out of range, or the rows are not as long as those of the table, or
     *                                   on another device
     * @throws IllegalStateException     if no row of the window was begun, or the buffer is closed
     */
    public void old(int age, Buffer residual, int row) {
        Require.between(1, MAX_HISTORY - 1, "age", age);
        int latest = last();
        long address = residual.address(row);
        buffers.add(residual);
        words.old(latest, age, address);
    }

    /**
     * Mean square of a row's first-order residual, from the last {@link Queue#measure}.
     *
     * @param row its table index: that of the window's first row and on
     * @throws IndexOutOfBoundsException if there was no such row then
     * @throws IllegalStateException     if nothing was measured since the table was made or cleared, or the queue was not
     *                                   awaited since
     */
    public double meanSquare(int row) {
        return results.meanSquare(row);
    }

    /** Mean square of a row's residual R_i; as {@link #meanSquare}. */
    public double meanSquareUnrolled(int row) {
        return results.meanSquareUnrolled(row);
    }

    /**
     * Says what a row may use in {@link Queue#weigh}. A window of which no row is told so is left out there.
     *
     * @param row        its table index
     * @param iterates   iterates it has, this round's included, 1 to the history; not rising along the window
     * @param takesPlain whether it takes the plain update
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException  if the iterates are out of range
     */
    public void use(int row, int iterates, boolean takesPlain) {
        Objects.checkIndex(row, rows);
        Require.between(1, MAX_HISTORY, "iterates", iterates);
        results.use(row, iterates, takesPlain);
    }

    /**
     * The weight of a row's map of {@code age} rounds ago in its next value, from the last {@link Queue#weigh}.
     *
     * @param row its table index
     * @param age 0 to {@link #MAX_HISTORY} - 1
     * @throws IndexOutOfBoundsException if there was no such row, or there is no such age
     * @throws IllegalStateException     if the row was not weighed since it was measured
     */
    public double weight(int row, int age) {
        return results.weight(row, age);
    }

    /** What became of a row in the last {@link Queue#weigh}; as {@link #weight}. */
    public Outcome outcome(int row) {
        return results.outcome(row);
    }

    void requireComplete() {
        estimates.requireNodes(rows);
        words.requireTerms(rows);
    }

    BufferSet buffers() {
        return buffers;
    }

    Windows list() {
        return windows;
    }

    WindowResults results() {
        return results;
    }

    /** Numbers that are measured. */
    int measures() {
        return WindowStage.MEASURES * rows + WindowStage.MEASURES_OF_ESTIMATE * estimates.size();
    }

    /** Lays windows, rows and estimates out for native code. */
    void stage(LongBuffer ofWindows, LongBuffer ofRows, LongBuffer ofEstimates) {
        windows.stage(ofWindows, rows, estimates.size());
        words.stage(ofRows, rows);
        estimates.stage(ofEstimates);
    }

    /** Lays out what {@link Queue#weigh} reads. */
    void stageUse(LongBuffer ofWindows, DoubleBuffer dots, IntBuffer iterates, IntBuffer plain) {
        windows.stageUsed(ofWindows, rows, results);
        results.stage(dots, iterates, plain, rows);
    }
}
