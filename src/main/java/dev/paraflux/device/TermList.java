package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/** Rows of (coefficient, address) terms as the kernels read them: up to {@link #MAX_TERMS} a row, growing by rows. */
final class TermList {
    static final int MAX_TERMS = Kernels.PARAFLUX_MAX_TERMS;

    IntPointer counts;
    LongPointer inputs;
    DoublePointer coefficients;

    private final BufferSet buffers;
    private IntBuffer countList = IntBuffer.allocate(0);
    private LongBuffer inputList = LongBuffer.allocate(0);
    private DoubleBuffer coefficientList = DoubleBuffer.allocate(0);
    private int rows;

    TermList(BufferSet buffers) {
        this.buffers = buffers;
    }

    void grow(int capacity) {
        countList = direct(capacity).asIntBuffer().put(countList.clear()).clear();
        inputList = direct(capacity * MAX_TERMS).asLongBuffer().put(inputList.clear()).clear();
        coefficientList = direct(capacity * MAX_TERMS).asDoubleBuffer().put(coefficientList.clear()).clear();
        counts = new IntPointer(countList);
        inputs = new LongPointer(inputList);
        coefficients = new DoublePointer(coefficientList);
    }

    void clear() {
        rows = 0;
    }

    int rows() {
        return rows;
    }

    void begin() {
        countList.put(rows++, 0);
    }

    void plus(double coefficient, Buffer input, int row) {
        if (rows == 0) {
            throw new IllegalStateException("no row was begun");
        }
        int count = countList.get(rows - 1);
        if (count == MAX_TERMS) {
            throw new IllegalStateException(
                    "row " + (rows - 1) + " of the table has more than " + MAX_TERMS + " terms");
        }
        buffers.add(input);
        int slot = (rows - 1) * MAX_TERMS + count;
        inputList.put(slot, input.address(row));
        coefficientList.put(slot, coefficient);
        countList.put(rows - 1, count + 1);
    }

    void requireTerms() {
        for (int r = 0; r < rows; r++) {
            if (countList.get(r) == 0) {
                throw new IllegalStateException("row " + r + " of the table has no term");
            }
        }
    }

    /** Memory that native code reads, for so many elements of at most eight bytes. */
    static ByteBuffer direct(int elements) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Long.BYTES)).order(ByteOrder.nativeOrder());
    }
}
