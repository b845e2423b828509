package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Rows of (coefficient, address) terms, up to {@link #MAX_TERMS} a row, growing by rows. They are written in Java arrays,
 * which nobody can free under the writer, and copied beside the heap when native code is about to read them.
 */
final class TermList {
    static final int MAX_TERMS = Kernels.PARAFLUX_MAX_TERMS;

    /** Rows that a table or a list can hold, so that numbers of terms and sums are counted in an int. */
    static final int MAX_ROWS = 1 << 24;

    private final BufferSet buffers;
    private int[] counts = new int[0];
    private long[] inputs = new long[0];
    private double[] coefficients = new double[0];
    private int rows;

    /** The terms as the kernels read them. */
    static final class Staged {
        final IntPointer counts;
        final LongPointer inputs;
        final DoublePointer coefficients;
        private final NativeBlock.Ints countList;
        private final NativeBlock.Longs inputList;
        private final NativeBlock.Doubles coefficientList;

        Staged(NativeBlock block, int capacity) {
            countList = block.ints(capacity);
            inputList = block.longs(capacity * MAX_TERMS);
            coefficientList = block.doubles(capacity * MAX_TERMS);
            counts = countList.pointer();
            inputs = inputList.pointer();
            coefficients = coefficientList.pointer();
        }

        static long bytes(int capacity) {
            return capacity * (Long.BYTES + MAX_TERMS * (long) (Long.BYTES + Double.BYTES));
        }
    }

    TermList(BufferSet buffers) {
        this.buffers = buffers;
    }

    /** The next capacity of a table that is full. */
    static int grown(int rows) {
        if (rows == MAX_ROWS) {
            throw new IllegalStateException("the table is full: it holds " + MAX_ROWS + " rows");
        }
        return Math.min(2 * rows, MAX_ROWS);
    }

    /** Makes room. If there is no memory for it nothing has changed. */
    void grow(int capacity) {
        int[] newCounts = Arrays.copyOf(counts, capacity);
        long[] newInputs = Arrays.copyOf(inputs, capacity * MAX_TERMS);
        double[] newCoefficients = Arrays.copyOf(coefficients, capacity * MAX_TERMS);
        counts = newCounts;
        inputs = newInputs;
        coefficients = newCoefficients;
    }

    void clear() {
        rows = 0;
    }

    int rows() {
        return rows;
    }

    /** Begins a row, for which there is room. */
    void begin() {
        counts[rows++] = 0;
    }

    /** The row begun last. */
    int last() {
        if (rows == 0) {
            throw new IllegalStateException("no row was begun");
        }
        return rows - 1;
    }

    void plus(double coefficient, Buffer input, int row) {
        int last = last();
        int count = counts[last];
        if (count == MAX_TERMS) {
            throw new IllegalStateException("row " + last + " of the table has more than " + MAX_TERMS + " terms");
        }
        long address = input.address(row);
        buffers.add(input);
        inputs[last * MAX_TERMS + count] = address;
        coefficients[last * MAX_TERMS + count] = coefficient;
        counts[last] = count + 1;
    }

    void requireTerms() {
        for (int r = 0; r < rows; r++) {
            if (counts[r] == 0) {
                throw new IllegalStateException("row " + r + " of the table has no term");
            }
        }
    }

    /** Copies the terms of all rows to where native code reads them. */
    void stage(Staged target) {
        target.countList.java().put(0, counts, 0, rows);
        target.inputList.java().put(0, inputs, 0, rows * MAX_TERMS);
        target.coefficientList.java().put(0, coefficients, 0, rows * MAX_TERMS);
    }
}
