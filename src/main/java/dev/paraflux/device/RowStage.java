package dev.paraflux.device;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;

/** A {@link RowTable} as native code reads it, and the sums that native code answers. */
final class RowStage {
    final int capacity;
    final TermList.Staged terms;
    final LongPointer outputs;
    final LongPointer compared;
    final DoublePointer sums;
    private final NativeBlock block;
    private final NativeBlock.Longs outputList;
    private final NativeBlock.Longs comparedList;
    private final NativeBlock.Doubles sumList;

    /** Bytes that so many rows take. */
    static long bytes(int capacity) {
        return TermList.Staged.bytes(capacity) + capacity * (2L + RowSums.MOST_A_ROW) * Long.BYTES;
    }

    RowStage(NativeBlock block, int capacity) {
        this.block = block;
        this.capacity = capacity;
        terms = new TermList.Staged(block, capacity);
        outputList = block.longs(capacity);
        comparedList = block.longs(capacity);
        sumList = block.doubles(capacity * RowSums.MOST_A_ROW);
        outputs = outputList.pointer();
        compared = comparedList.pointer();
        sums = sumList.pointer();
    }

    /** Copies the addresses of all rows. */
    void take(int rows, long[] fromOutputs, long[] fromCompared) {
        outputList.java().put(0, fromOutputs, 0, rows);
        comparedList.java().put(0, fromCompared, 0, rows);
    }

    /** Copies what was computed. */
    void tell(double[] into, int count) {
        sumList.java().get(0, into, 0, count);
    }

    void free() {
        block.free();
    }
}
