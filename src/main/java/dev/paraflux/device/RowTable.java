package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Linear combinations of rows, computed together in one native call: the right side of equation (1) for many rows
 * ({@link #update()}), also with how far each row went ({@link #updateAndCompare}), sums of squares of residuals, changes
 * and the like ({@link #norms()}), or the inner products of groups of rows ({@link #gram}). The last three share the
 * memory of their results: each overwrites what another has left.
 *
 * <pre>{@code
 * table.clear();
 * table.into(x, 1).plus(a, x, 0).plus(b, m, 0);    // x_1 = a x_0 + b m_0
 * table.update();
 * }</pre>
 *
 * <p>Sums run in double, in the order of the terms, and are rounded to float once. The rows of one call are independent:
 * an output may be one of its own inputs, but no other row's. For one thread at a time; made once, refilled for ever.
 */
public final class RowTable {
    /** Terms a row may have, at most. */
    public static final int MAX_TERMS = TermList.MAX_TERMS;

    /** Rows that a group of {@link #gram} may have, at most: six vectors and a right side. */
    public static final int MAX_GRAM = Kernels.PARAFLUX_MAX_GRAM;

    private static final int MOST_PAIRS_A_ROW = (MAX_GRAM + 1) / 2;

    private enum Work {
        UPDATE, NORMS, CHANGE, GRAM
    }

    LongPointer outputs;
    LongPointer compared;
    DoublePointer sums;
    final TermList terms;

    private final BufferSet buffers = new BufferSet();
    private LongBuffer outputList = LongBuffer.allocate(0);
    private LongBuffer comparedList = LongBuffer.allocate(0);
    private DoubleBuffer sumList = DoubleBuffer.allocate(0);
    private int capacity;
    private int gramSize;
    private int gramGroups;

    /** An empty table; it grows to the most rows it has had. */
    public RowTable() {
        terms = new TermList(buffers);
        grow(16);
    }

    private void grow(int newCapacity) {
        capacity = newCapacity;
        terms.grow(capacity);
        outputList = TermList.direct(capacity).asLongBuffer().put(outputList.clear()).clear();
        comparedList = TermList.direct(capacity).asLongBuffer().put(comparedList.clear()).clear();
        sumList = TermList.direct(capacity * MOST_PAIRS_A_ROW).asDoubleBuffer().put(sumList.clear()).clear();
        outputs = new LongPointer(outputList);
        compared = new LongPointer(comparedList);
        sums = new DoublePointer(sumList);
    }

    /** Empties the table. */
    public void clear() {
        terms.clear();
        buffers.clear();
        gramSize = 0;
    }

    /** Number of rows in the table. */
    public int rows() {
        return terms.rows();
    }

    /**
     * Begins a row that {@link #update()} or {@link #updateAndCompare} will store.
     *
     * @throws IllegalStateException if the buffer is closed
     */
    public RowTable into(Buffer output, int row) {
        begin();
        buffers.add(output);
        outputList.put(rows() - 1, output.address(row));
        return this;
    }

    /** Begins a row that is not stored, for {@link #norms()} and {@link #gram}. */
    public RowTable row() {
        begin();
        outputList.put(rows() - 1, 0);
        return this;
    }

    /**
     * Adds a term to the row begun last.
     *
     * @throws IllegalStateException if no row was begun, the row has {@link #MAX_TERMS} terms, or the buffer is closed
     */
    public RowTable plus(double coefficient, Buffer input, int row) {
        terms.plus(coefficient, input, row);
        return this;
    }

    /**
     * Names the row that {@link #updateAndCompare} compares the row begun last with: one of its inputs, a row that no
     * row of the table stores, or its own output, which then means what lies there before the call. Another row named
     * later takes its place.
     *
     * @throws IllegalStateException if no row was begun, or the buffer is closed
     */
    public RowTable against(Buffer before, int row) {
        if (rows() == 0) {
            throw new IllegalStateException("no row was begun");
        }
        buffers.add(before);
        comparedList.put(rows() - 1, before.address(row));
        return this;
    }

    /**
     * Computes every row into its output.
     *
     * @throws IllegalStateException if a row has no output or no term, or a buffer is closed
     */
    public void update() {
        require(outputList, "output");
        run(Work.UPDATE, 0, 0, 0);
    }

    /**
     * Computes every row into its output, and in the same pass its change; {@link #change(int)} then reads it. Values
     * are stored as they are; limits cut off only what is compared.
     *
     * @param low  where values that are lower are seen; negative infinity for no limit
     * @param high where values that are higher are seen, {@code low} or more; infinity for no limit
     * @throws IllegalArgumentException if {@code low} is not at most {@code high}
     * @throws IllegalStateException if a row has no output, no term or no row to compare with, or a buffer is closed
     */
    public void updateAndCompare(float low, float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException("limits " + low + " and " + high + ": low must be at most high");
        }
        require(outputList, "output");
        require(comparedList, "row to compare with");
        gramSize = 0;
        run(Work.CHANGE, 0, low, high);
    }

    /**
     * Sum over a row's values of how far they went between the limits, computed by the last {@link #updateAndCompare};
     * NaN if one of them is. A later {@link #norms()} or {@link #gram} overwrites it.
     */
    public double change(int row) {
        return sumList.get(Objects.checkIndex(row, rows()));
    }

    /**
     * Computes the sum of squares of every row; {@link #sum(int)} then reads them. Outputs are not touched.
     *
     * @throws IllegalStateException if a row has no term, or a buffer is closed
     */
    public void norms() {
        gramSize = 0;
        run(Work.NORMS, 0, 0, 0);
    }

    /**
     * Sum of squares of a row, computed by the last {@link #norms()}; finite if and only if all its values are. A later
     * {@link #updateAndCompare} or {@link #gram} overwrites it.
     */
    public double sum(int row) {
        return sumList.get(Objects.checkIndex(row, rows()));
    }

    /**
     * Computes the inner products of every group of {@code size} rows of the table with each other, in one pass over
     * memory: group g is made of the rows from g size on. {@link #inner} then reads them. With the vectors of a least
     * squares problem and its right side as a group's rows, these are its normal equations. Outputs are not touched.
     *
     * @param size rows of a group, 1 to {@link #MAX_GRAM}
     * @throws IllegalArgumentException if the size is out of range, or does not divide the number of rows
     * @throws IllegalStateException if a row has no term, or a buffer is closed
     */
    public void gram(int size) {
        if (size < 1 || size > MAX_GRAM) {
            throw new IllegalArgumentException("groups of " + size + " rows: must be 1 to " + MAX_GRAM);
        }
        if (rows() % size != 0) {
            throw new IllegalArgumentException(
                    "groups of " + size + " rows in a table of " + rows() + ": must divide the number of rows");
        }
        gramSize = 0;
        run(Work.GRAM, size, 0, 0);
        gramSize = size;
        gramGroups = rows() / size;
    }

    /**
     * Inner product of rows {@code a} and {@code b} of a group, in either order, computed by the last {@link #gram};
     * finite only if all values of both rows are. A later {@link #norms()} or {@link #updateAndCompare} overwrites it.
     *
     * @param group the group, 0 to the number of groups - 1
     * @param a     a row of the group, 0 to its size - 1
     * @param b     a row of the group, 0 to its size - 1
     * @throws IndexOutOfBoundsException if there is no such group or row
     * @throws IllegalStateException if there was no {@link #gram} since the table was made, cleared, or did other sums
     */
    public double inner(int group, int a, int b) {
        if (gramSize == 0) {
            throw new IllegalStateException("no inner products were computed: call gram first");
        }
        Objects.checkIndex(group, gramGroups);
        int low = Math.min(Objects.checkIndex(a, gramSize), Objects.checkIndex(b, gramSize));
        int high = Math.max(a, b);
        int pairs = gramSize * (gramSize + 1) / 2;
        return sumList.get(group * pairs + low * gramSize - low * (low - 1) / 2 + high - low);
    }

    int dim() {
        return buffers.dim();
    }

    private void begin() {
        if (rows() == capacity) {
            grow(2 * capacity);
        }
        terms.begin();
        comparedList.put(rows() - 1, 0);
    }

    private void require(LongBuffer addresses, String what) {
        for (int r = 0; r < rows(); r++) {
            if (addresses.get(r) == 0) {
                throw new IllegalStateException("row " + r + " of the table has no " + what);
            }
        }
    }

    private void run(Work work, int size, float low, float high) {
        terms.requireTerms();
        if (rows() == 0) {
            return;
        }
        try {
            buffers.acquire();
            switch (work) {
                case UPDATE -> buffers.device().update(this);
                case NORMS -> buffers.device().norms(this);
                case CHANGE -> buffers.device().change(this, low, high);
                case GRAM -> buffers.device().gram(this, size);
            }
        } finally {
            buffers.release();
        }
    }
}
