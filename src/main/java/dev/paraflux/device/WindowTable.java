package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;
import java.util.Objects;

/**
 * A window of rows of the triangular system: their residuals of first and of k-th order, their maps, and the inner
 * products of Anderson acceleration, in one pass over memory ({@link #residuals}); then the weights that combine each
 * row's last maps into its next value ({@link #weights}). The arithmetic is in {@code window_residual.h} and
 * {@code anderson.h}.
 *
 * <p>For one thread at a time; allocate once, for the longest window, and refill it every round. A call that is refused
 * leaves the window as it was.
 */
public final class WindowTable extends NativeMemory {
    /** Iterates a history may have, at most. */
    public static final int MAX_HISTORY = Kernels.PARAFLUX_MAX_HISTORY;

    /** Rows that a window can have, at most. */
    public static final int MAX_ROWS = 1 << 20;

    /** What became of a row in {@link #weights}. */
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

    private final int capacity;
    private final int dim;
    private final BufferSet buffers = new BufferSet();
    private final TermList terms = new TermList(buffers);
    private final WindowList list;
    private final WindowResults results;
    private final WindowStage staged;

    /**
     * @param capacity rows of the longest window, 1 to {@link #MAX_ROWS}
     * @param dim      values in a row, 1 to {@link Buffer#MAX_DIM}
     * @throws IllegalArgumentException if one of them is out of range
     * @throws OutOfMemoryError         if the window cannot be allocated; nothing is allocated then
     */
    public WindowTable(int capacity, int dim) {
        super("WindowTable");
        this.capacity = Require.between(1, MAX_ROWS, "capacity", capacity);
        this.dim = Require.between(1, Buffer.MAX_DIM, "dim", dim);
        NativeLibrary.require();
        list = new WindowList(capacity);
        results = new WindowResults(capacity);
        terms.grow(capacity);
        staged = take(WindowStage.bytes(capacity, dim), "a window of " + capacity + " rows",
                block -> new WindowStage(block, capacity, dim));
    }

    /** Empties the window, which must be open. */
    public void clear() {
        lifetime.requireOpen();
        terms.clear();
        buffers.clear();
        results.forget();
    }

    /** Number of rows. */
    public int rows() {
        return terms.rows();
    }

    /**
     * Begins the next row of the window.
     *
     * @param state    buffer of its present value x_i
     * @param residual buffer that receives R_i
     * @param map      buffer that receives G_i
     * @throws IndexOutOfBoundsException if a buffer has no such row
     * @throws IllegalArgumentException  if rows are not as long as those of the window
     * @throws IllegalStateException     if the window is full, or it or a buffer is closed
     */
    public void row(Buffer state, int stateRow, Buffer residual, int residualRow, Buffer map, int mapRow) {
        lifetime.requireOpen();
        if (rows() == capacity) {
            throw new IllegalStateException("the window is full: it holds " + capacity + " rows");
        }
        int i = rows();
        long stateAddress = state.address(stateRow);
        long residualAddress = residual.address(residualRow);
        long mapAddress = map.address(mapRow);
        int known = buffers.size();
        try {
            add(state);
            add(residual);
            add(map);
        } catch (RuntimeException | Error e) {
            buffers.truncate(known);
            throw e;
        }
        terms.begin();
        list.begin(i, stateAddress, residualAddress, mapAddress);
        results.begin(i);
    }

    /** Rows of another length than the window's, or on another device, are refused. */
    private void add(Buffer buffer) {
        if (buffer.dim() != dim) {
            throw new IllegalValueException("dim", buffer.dim(), dim + ", that of the window");
        }
        buffers.add(buffer);
    }

    /**
     * Adds a term to the right side of the row begun last.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the window
     * @throws IllegalStateException     if no row was begun, the row has {@link RowTable#MAX_TERMS} terms, or the buffer or
     *                                   the window is closed
     */
    public void plus(double coefficient, Buffer input, int row) {
        lifetime.requireOpen();
        terms.plus(coefficient, input, row);
    }

    /**
     * Carries the residual of an earlier row of the window, times a factor, into the row begun last.
     *
     * @throws IndexOutOfBoundsException if there is no such earlier row
     * @throws IllegalStateException     if no row was begun, or the window is closed
     */
    public void carry(int parent, double factor) {
        lifetime.requireOpen();
        int last = terms.last();
        list.parents[last] = Objects.checkIndex(parent, last);
        list.factors[last] = factor;
    }

    /** Takes the first-order residual of an earlier row, times a factor, out of the row begun last; as {@link #carry}. */
    public void drop(int row, double factor) {
        lifetime.requireOpen();
        int last = terms.last();
        list.drops[last] = Objects.checkIndex(row, last);
        list.dropFactors[last] = factor;
    }

    /**
     * Names the residual that the row begun last had {@code age} rounds ago.
     *
     * @param age 1 to {@link #MAX_HISTORY} - 1
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if the age is out of range, or the rows are not as long as those of the window
     * @throws IllegalStateException     if no row was begun, or the buffer or the window is closed
     */
    public void old(int age, Buffer residual, int row) {
        lifetime.requireOpen();
        Require.between(1, MAX_HISTORY - 1, "age", age);
        int last = terms.last();
        long address = residual.address(row);
        add(residual);
        list.olds[last * MAX_HISTORY + age] = address;
    }

    /**
     * Computes residuals, maps, {@link #meanSquare} and the inner products with the iterates of this round and the
     * {@code history - 1} before.
     *
     * @param history 1 to {@link #MAX_HISTORY}
     * @throws IllegalArgumentException if the history is out of range
     * @throws IllegalStateException    if a row has no term, or a buffer or the window is closed
     */
    public void residuals(int history) {
        Require.between(1, MAX_HISTORY, "history", history);
        lifetime.acquire();
        try {
            terms.requireTerms();
            if (rows() > 0) {
                buffers.acquire();
                terms.stage(staged.terms);
                list.stage(staged, rows());
                buffers.device().residuals(this, history);
            }
            results.takeMeasures(staged, rows(), history);
        } finally {
            buffers.release();
            lifetime.release();
        }
    }

    /**
     * Mean square of row i's first-order residual, from the last {@link #residuals}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or it has not been measured
     */
    public double meanSquare(int i) {
        lifetime.requireOpen();
        return results.square(i) / dim;
    }

    /**
     * Mean square of row i's residual R_i, from the last {@link #residuals}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or it has not been measured
     */
    public double meanSquareUnrolled(int i) {
        lifetime.requireOpen();
        return results.unrolledSquare(i) / dim;
    }

    /**
     * Says what row i may use in {@link #weights}.
     *
     * @param iterates   iterates it has, this round's included, 1 to the history; not rising along the window
     * @param takesPlain whether it takes the plain update
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException  if the iterates are out of range
     * @throws IllegalStateException     if the window is closed
     */
    public void use(int i, int iterates, boolean takesPlain) {
        lifetime.requireOpen();
        Objects.checkIndex(i, rows());
        Require.between(1, MAX_HISTORY, "iterates", iterates);
        results.use(i, iterates, takesPlain);
    }

    /**
     * Solves the rows' small systems, equation (4).
     *
     * @param history iterates kept, 1 to the history of the last {@link #residuals}
     * @param ridge   added to the diagonal, 0 or more
     * @param grams   the rows' inner products from round to round
     * @param first   the window's first row in {@code grams}
     * @throws IndexOutOfBoundsException if the window does not lie in {@code grams}
     * @throws IllegalArgumentException  if the history or the ridge is out of range
     * @throws IllegalStateException     if a row was not measured, or what it may use was not said or is more than the
     *                                   history or than a row before it has, or the window or {@code grams} is closed
     */
    public void weights(int history, double ridge, GramState grams, int first) {
        Require.between(1, MAX_HISTORY, "history", history);
        Require.notNegative("ridge", ridge);
        Objects.checkFromIndexSize(first, rows(), grams.rows());
        lifetime.acquire();
        try {
            results.requireUse(rows(), history);
            grams.lifetime.acquire();
            try {
                results.stage(staged, rows());
                Kernels.paraflux_anderson_weights(rows(), history, staged.iterates.pointer(), staged.dots,
                        grams.from(first), staged.plain.pointer(), ridge, staged.weights.pointer(),
                        staged.outcomes.pointer());
                results.takeWeights(staged, rows());
            } finally {
                grams.lifetime.release();
            }
        } finally {
            lifetime.release();
        }
    }

    /**
     * The weight of row i's map of {@code age} rounds ago in its next value.
     *
     * @param age 0 to {@link #MAX_HISTORY} - 1
     * @throws IndexOutOfBoundsException if there is no such row or age, or the row has no weights
     */
    public double weight(int i, int age) {
        lifetime.requireOpen();
        return results.weight(i, age);
    }

    /**
     * What became of row i in {@link #weights}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or it has no weights
     */
    public Outcome outcome(int i) {
        lifetime.requireOpen();
        return results.outcome(i);
    }

    WindowStage staged() {
        return staged;
    }

    int dim() {
        return dim;
    }

    @Override
    void free() {
        staged.free();
    }
}
