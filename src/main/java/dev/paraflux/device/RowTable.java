package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import java.util.Arrays;

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
 * an output may be one of its own inputs, but no other row's. For one thread at a time; allocate once and reuse. A
 * call that is refused leaves the table as it was.
 */
public final class RowTable extends NativeMemory {
    /** Terms a row may have, at most. */
    public static final int MAX_TERMS = TermList.MAX_TERMS;

    /** Rows that a group of {@link #gram} may have, at most: six vectors and a right side. */
    public static final int MAX_GRAM = Kernels.PARAFLUX_MAX_GRAM;

    /** Rows that a table can hold. */
    public static final int MAX_ROWS = TermList.MAX_ROWS;

    private static final int FIRST_ROWS = 16;

    private final BufferSet buffers = new BufferSet();
    private final TermList terms = new TermList(buffers);
    private final RowSums sums = new RowSums();
    private long[] outputs = new long[FIRST_ROWS];
    private long[] compared = new long[FIRST_ROWS];
    private RowStage staged;

    /** An empty table; it grows to the most rows it has had. */
    public RowTable() {
        super("RowTable");
        terms.grow(FIRST_ROWS);
    }

    private void makeRoom() {
        if (rows() == outputs.length) {
            int capacity = TermList.grown(rows());
            terms.grow(capacity);
            compared = Arrays.copyOf(compared, capacity);
            outputs = Arrays.copyOf(outputs, capacity);
        }
    }

    /** Empties the table, which must be open. */
    public void clear() {
        lifetime.requireOpen();
        terms.clear();
        buffers.clear();
        sums.forget();
    }

    /** Number of rows in the table. */
    public int rows() {
        return terms.rows();
    }

    /**
     * Begins a row that {@link #update()} or {@link #updateAndCompare} will store.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the table
     * @throws IllegalStateException     if the buffer or the table is closed, or the table has {@link #MAX_ROWS} rows
     */
    public RowTable into(Buffer output, int row) {
        lifetime.requireOpen();
        long address = output.address(row);
        makeRoom();
        buffers.add(output);
        begin(address);
        return this;
    }

    /**
     * Begins a row that is not stored, for {@link #norms()} and {@link #gram}.
     *
     * @throws IllegalStateException if the table is closed, or has {@link #MAX_ROWS} rows
     */
    public RowTable row() {
        lifetime.requireOpen();
        makeRoom();
        begin(0);
        return this;
    }

    private void begin(long output) {
        outputs[rows()] = output;
        compared[rows()] = 0;
        terms.begin();
    }

    /**
     * Adds a term to the row begun last.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the table
     * @throws IllegalStateException     if no row was begun, the row has {@link #MAX_TERMS} terms, or the buffer or the
     *                                   table is closed
     */
    public RowTable plus(double coefficient, Buffer input, int row) {
        lifetime.requireOpen();
        terms.plus(coefficient, input, row);
        return this;
    }

    /**
     * Names the row that {@link #updateAndCompare} compares the row begun last with: one of its inputs, a row that no
     * row of the table stores, or its own output, which then means what lies there before the call. Another row named
     * later takes its place.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the table
     * @throws IllegalStateException     if no row was begun, or the buffer or the table is closed
     */
    public RowTable against(Buffer before, int row) {
        lifetime.requireOpen();
        int last = terms.last();
        long address = before.address(row);
        buffers.add(before);
        compared[last] = address;
        return this;
    }

    /**
     * Computes every row into its output.
     *
     * @throws IllegalStateException if a row has no output or no term, or a buffer or the table is closed
     */
    public void update() {
        require(outputs, "output");
        run(null, 0, 0, 0);
    }

    /**
     * Computes every row into its output, and in the same pass its change; {@link #change(int)} then reads it. Values
     * are stored as they are; limits cut off only what is compared.
     *
     * @param low  where values that are lower are seen; negative infinity for no limit
     * @param high where values that are higher are seen, {@code low} or more; infinity for no limit
     * @throws IllegalArgumentException if {@code low} is not at most {@code high}
     * @throws IllegalStateException if a row has no output, no term or no row to compare with, or a buffer or the table is closed
     */
    public void updateAndCompare(float low, float high) {
        if (!(low <= high)) {
            throw new IllegalValueException("low", low, "at most high, which is " + high);
        }
        require(outputs, "output");
        require(compared, "row to compare with");
        run(RowSums.Kind.CHANGE, 0, low, high);
    }

    /**
     * Sum over a row's values of how far they went between the limits, computed by the last {@link #updateAndCompare};
     * NaN if one of them is. A later {@link #norms()} or {@link #gram} overwrites it.
     *
     * @throws IndexOutOfBoundsException if no change of such a row was computed
     * @throws IllegalStateException     if there was no {@link #updateAndCompare} since the table was made or cleared
     */
    public double change(int row) {
        lifetime.requireOpen();
        return sums.of(RowSums.Kind.CHANGE, row);
    }

    /**
     * Computes the sum of squares of every row; {@link #sum(int)} then reads them. Outputs are not touched.
     *
     * @throws IllegalStateException if a row has no term, or a buffer or the table is closed
     */
    public void norms() {
        run(RowSums.Kind.NORM, 0, 0, 0);
    }

    /**
     * Sum of squares of a row, computed by the last {@link #norms()}; finite if and only if all its values are. A later
     * {@link #updateAndCompare} or {@link #gram} overwrites it.
     *
     * @throws IndexOutOfBoundsException if no sum of such a row was computed
     * @throws IllegalStateException     if there were no {@link #norms} since the table was made or cleared
     */
    public double sum(int row) {
        lifetime.requireOpen();
        return sums.of(RowSums.Kind.NORM, row);
    }

    /**
     * Computes the inner products of every group of {@code size} rows of the table with each other, in one pass over
     * memory: group g is made of the rows from g size on. {@link #inner} then reads them. With the vectors of a least
     * squares problem and its right side as a group's rows, these are its normal equations. Outputs are not touched.
     *
     * @param size rows of a group, 1 to {@link #MAX_GRAM}
     * @throws IllegalArgumentException if the size is out of range, or does not divide the number of rows
     * @throws IllegalStateException if a row has no term, or a buffer or the table is closed
     */
    public void gram(int size) {
        Require.between(1, MAX_GRAM, "size", size);
        if (rows() % size != 0) {
            throw new IllegalValueException("size", size, "a divisor of the number of rows, " + rows());
        }
        run(RowSums.Kind.INNER, size, 0, 0);
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
        lifetime.requireOpen();
        return sums.inner(group, a, b);
    }

    int dim() {
        return buffers.dim();
    }

    RowStage staged() {
        return staged;
    }

    private void require(long[] addresses, String what) {
        lifetime.requireOpen();
        for (int r = 0; r < rows(); r++) {
            if (addresses[r] == 0) {
                throw new IllegalStateException("row " + r + " of the table has no " + what);
            }
        }
    }

    /** Holds the table and all that it names while native code runs on them. */
    private void run(RowSums.Kind kind, int size, float low, float high) {
        lifetime.acquire();
        try {
            terms.requireTerms();
            sums.reserve(outputs.length);
            if (rows() > 0) {
                buffers.acquire();
                stage();
                compute(kind, size, low, high);
            }
            if (kind != null) {
                sums.take(staged, kind, rows(), size);
            }
        } finally {
            buffers.release();
            lifetime.release();
        }
    }

    private void compute(RowSums.Kind kind, int size, float low, float high) {
        if (kind == null) {
            buffers.device().update(this);
            return;
        }
        switch (kind) {
            case NORM -> buffers.device().norms(this);
            case CHANGE -> buffers.device().change(this, low, high);
            case INNER -> buffers.device().gram(this, size);
        }
    }

    private void stage() {
        if (staged == null || staged.capacity < rows()) {
            RowStage larger = take(RowStage.bytes(outputs.length),
                    "a table of " + outputs.length + " rows", block -> new RowStage(block, outputs.length));
            free();
            staged = larger;
        }
        terms.stage(staged.terms);
        staged.take(rows(), outputs, compared);
    }

    @Override
    void free() {
        if (staged != null) {
            staged.free();
            staged = null;
        }
    }
}
