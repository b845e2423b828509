package dev.paraflux.device;

import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Linear combinations of rows, computed together in one native call: the right side of equation (1) for many rows
 * ({@link #update()}), or sums of squares of residuals, changes and the like ({@link #norms()}).
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

    LongPointer outputs;
    DoublePointer sums;
    final TermList terms;

    private final BufferSet buffers = new BufferSet();
    private LongBuffer outputList = LongBuffer.allocate(0);
    private DoubleBuffer sumList;
    private int capacity;

    /** An empty table; it grows to the most rows it has had. */
    public RowTable() {
        terms = new TermList(buffers);
        grow(16);
    }

    private void grow(int newCapacity) {
        capacity = newCapacity;
        terms.grow(capacity);
        outputList = TermList.direct(capacity).asLongBuffer().put(outputList.clear()).clear();
        sumList = TermList.direct(capacity).asDoubleBuffer();
        outputs = new LongPointer(outputList);
        sums = new DoublePointer(sumList);
    }

    /** Empties the table. */
    public void clear() {
        terms.clear();
        buffers.clear();
    }

    /** Number of rows in the table. */
    public int rows() {
        return terms.rows();
    }

    /**
     * Begins a row that {@link #update()} will store.
     *
     * @throws IllegalStateException if the buffer is closed
     */
    public RowTable into(Buffer output, int row) {
        begin();
        buffers.add(output);
        outputList.put(rows() - 1, output.address(row));
        return this;
    }

    /** Begins a row that is not stored, for {@link #norms()}. */
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
     * Computes every row into its output.
     *
     * @throws IllegalStateException if a row has no output or no term, or a buffer is closed
     */
    public void update() {
        for (int r = 0; r < rows(); r++) {
            if (outputList.get(r) == 0) {
                throw new IllegalStateException("row " + r + " of the table has no output");
            }
        }
        run(true);
    }

    /**
     * Computes the sum of squares of every row; {@link #sum(int)} then reads them. Outputs are not touched.
     *
     * @throws IllegalStateException if a row has no term, or a buffer is closed
     */
    public void norms() {
        run(false);
    }

    /** Sum of squares of a row, computed by the last {@link #norms()}; finite if and only if all its values are. */
    public double sum(int row) {
        return sumList.get(Objects.checkIndex(row, rows()));
    }

    int dim() {
        return buffers.dim();
    }

    private void begin() {
        if (rows() == capacity) {
            grow(2 * capacity);
        }
        terms.begin();
    }

    private void run(boolean store) {
        terms.requireTerms();
        if (rows() == 0) {
            return;
        }
        try {
            buffers.acquire();
            if (store) {
                buffers.device().update(this);
            } else {
                buffers.device().norms(this);
            }
        } finally {
            buffers.release();
        }
    }
}
