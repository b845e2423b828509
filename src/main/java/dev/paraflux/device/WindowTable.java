package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * A window of rows of the triangular system: their residuals of first and of k-th order, their maps, and the inner
 * products of Anderson acceleration, in one pass over memory ({@link #residuals}); then the weights that combine each
 * row's last maps into its next value ({@link #weights}). The arithmetic is in {@code window_residual.h} and
 * {@code anderson.h}.
 *
 * <p>For one thread at a time; made once for the longest window, refilled every round.
 */
public final class WindowTable {
    /** Iterates a history may have, at most. */
    public static final int MAX_HISTORY = Kernels.PARAFLUX_MAX_HISTORY;

    /** What became of a row in {@link #weights}. */
    public enum Outcome {
        /** The row took the plain update, as asked, or for want of a second iterate. */
        PLAIN,
        /** The row was accelerated. */
        ACCELERATED,
        /** The row's system was not positive definite: plain update. */
        INDEFINITE,
        /** The row's inner products or weights were not finite: plain update. */
        NON_FINITE;

        private static final Outcome[] BY_CODE = values();
    }

    final TermList terms;
    final LongPointer states;
    final IntPointer parents;
    final DoublePointer factors;
    final IntPointer drops;
    final DoublePointer dropFactors;
    final LongPointer residuals;
    final LongPointer maps;
    final LongPointer olds;
    final DoublePointer squares;
    final DoublePointer dots;
    final DoublePointer scratch;

    private final BufferSet buffers = new BufferSet();
    private final int capacity;
    private final LongBuffer stateList;
    private final IntBuffer parentList;
    private final DoubleBuffer factorList;
    private final IntBuffer dropList;
    private final DoubleBuffer dropFactorList;
    private final LongBuffer residualList;
    private final LongBuffer mapList;
    private final LongBuffer oldList;
    private final DoubleBuffer squareList;
    private final DoubleBuffer dotList;
    private final IntBuffer countList;
    private final IntBuffer plainList;
    private final IntBuffer outcomeList;
    private final DoubleBuffer weightList;
    private final IntPointer counts;
    private final IntPointer plain;
    private final IntPointer outcomes;
    private final DoublePointer weights;

    /**
     * @param capacity rows of the longest window, 1 or more
     * @param dim      values in a row
     */
    public WindowTable(int capacity, int dim) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a window of " + capacity + " rows: must be 1 or more");
        }
        this.capacity = capacity;
        terms = new TermList(buffers);
        terms.grow(capacity);
        states = new LongPointer(stateList = TermList.direct(capacity).asLongBuffer());
        parents = new IntPointer(parentList = TermList.direct(capacity).asIntBuffer());
        factors = new DoublePointer(factorList = TermList.direct(capacity).asDoubleBuffer());
        drops = new IntPointer(dropList = TermList.direct(capacity).asIntBuffer());
        dropFactors = new DoublePointer(dropFactorList = TermList.direct(capacity).asDoubleBuffer());
        residuals = new LongPointer(residualList = TermList.direct(capacity).asLongBuffer());
        maps = new LongPointer(mapList = TermList.direct(capacity).asLongBuffer());
        olds = new LongPointer(oldList = TermList.direct(capacity * MAX_HISTORY).asLongBuffer());
        squares = new DoublePointer(squareList = TermList.direct(capacity).asDoubleBuffer());
        dots = new DoublePointer(dotList = TermList.direct(capacity * MAX_HISTORY).asDoubleBuffer());
        counts = new IntPointer(countList = TermList.direct(capacity).asIntBuffer());
        plain = new IntPointer(plainList = TermList.direct(capacity).asIntBuffer());
        outcomes = new IntPointer(outcomeList = TermList.direct(capacity).asIntBuffer());
        weights = new DoublePointer(weightList = TermList.direct(capacity * MAX_HISTORY).asDoubleBuffer());
        int scratchSize = Math.toIntExact(Kernels.paraflux_window_scratch(capacity, dim));
        scratch = new DoublePointer(TermList.direct(Math.max(1, scratchSize)).asDoubleBuffer());
    }

    /** Empties the window. */
    public void clear() {
        terms.clear();
        buffers.clear();
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
     * @throws IllegalStateException if the window is full or a buffer is closed
     */
    public void row(Buffer state, int stateRow, Buffer residual, int residualRow, Buffer map, int mapRow) {
        if (rows() == capacity) {
            throw new IllegalStateException("the window is full: it holds " + capacity + " rows");
        }
        int i = rows();
        terms.begin();
        buffers.add(state);
        buffers.add(residual);
        buffers.add(map);
        stateList.put(i, state.address(stateRow));
        residualList.put(i, residual.address(residualRow));
        mapList.put(i, map.address(mapRow));
        parentList.put(i, -1);
        dropList.put(i, -1);
        for (int c = 0; c < MAX_HISTORY; c++) {
            oldList.put(i * MAX_HISTORY + c, 0);
        }
    }

    /** Adds a term to the right side of the row begun last. */
    public void plus(double coefficient, Buffer input, int row) {
        terms.plus(coefficient, input, row);
    }

    /** Carries the residual of an earlier row of the window, times a factor, into the row begun last. */
    public void carry(int parent, double factor) {
        int i = rows() - 1;
        parentList.put(i, Objects.checkIndex(parent, i));
        factorList.put(i, factor);
    }

    /** Takes the first-order residual of an earlier row of the window, times a factor, out of the row begun last. */
    public void drop(int row, double factor) {
        int i = rows() - 1;
        dropList.put(i, Objects.checkIndex(row, i));
        dropFactorList.put(i, factor);
    }

    /** Names the residual that the row begun last had {@code age} rounds ago, 1 to {@link #MAX_HISTORY} - 1. */
    public void old(int age, Buffer residual, int row) {
        requireIterates("age", age, MAX_HISTORY - 1);
        buffers.add(residual);
        oldList.put((rows() - 1) * MAX_HISTORY + age, residual.address(row));
    }

    /**
     * Computes residuals, maps, {@link #meanSquare} and the inner products with the iterates of this round and the
     * {@code history - 1} before.
     *
     * @param history 1 to {@link #MAX_HISTORY}
     * @throws IllegalStateException if a row has no term, or a buffer is closed
     */
    public void residuals(int history) {
        requireIterates("history", history, MAX_HISTORY);
        terms.requireTerms();
        if (rows() == 0) {
            return;
        }
        try {
            buffers.acquire();
            buffers.device().residuals(this, history);
        } finally {
            buffers.release();
        }
    }

    /** Mean square of row i's first-order residual, from the last {@link #residuals}. */
    public double meanSquare(int i) {
        return squareList.get(Objects.checkIndex(i, rows())) / dim();
    }

    /** Mean square of row i's residual R_i, from the last {@link #residuals}. */
    public double meanSquareUnrolled(int i) {
        return dotList.get(Objects.checkIndex(i, rows()) * MAX_HISTORY) / dim();
    }

    /**
     * Says what row i may use in {@link #weights}.
     *
     * @param iterates   iterates it has, this round's included, 1 to the history; not rising along the window
     * @param takesPlain whether it takes the plain update
     */
    public void use(int i, int iterates, boolean takesPlain) {
        requireIterates("iterates", iterates, MAX_HISTORY);
        countList.put(Objects.checkIndex(i, rows()), iterates);
        plainList.put(i, takesPlain ? 1 : 0);
    }

    /**
     * Solves the rows' small systems, equation (4).
     *
     * @param history iterates kept
     * @param ridge   added to the diagonal, 0 or more
     * @param grams   the rows' inner products from round to round
     * @param first   the window's first row in {@code grams}
     */
    public void weights(int history, double ridge, GramState grams, int first) {
        requireIterates("history", history, MAX_HISTORY);
        Kernels.paraflux_anderson_weights(rows(), history, counts, dots, grams.from(first, rows()), plain, ridge,
                weights,
                outcomes);
    }

    /** The weight of row i's map of {@code age} rounds ago in its next value. */
    public double weight(int i, int age) {
        return weightList.get(Objects.checkIndex(i, rows()) * MAX_HISTORY + age);
    }

    /** What became of row i in {@link #weights}. */
    public Outcome outcome(int i) {
        return Outcome.BY_CODE[outcomeList.get(Objects.checkIndex(i, rows()))];
    }

    int dim() {
        return buffers.dim();
    }

    /** Native code does not look: beyond these it would read and write the next row's. */
    private static void requireIterates(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(what + " " + value + ": must be 1 to " + most);
        }
    }
}
