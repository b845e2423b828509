package dev.paraflux.device;

import dev.paraflux.check.Require;
import org.bytedeco.javacpp.DoublePointer;

/** Inner products of the last iterates' residuals with each other, for every row that an acceleration may visit. */
public final class GramState extends NativeMemory {
    /** Rows that a state can keep, at most. */
    public static final int MAX_ROWS = 1 << 24;

    private static final int PER_ROW = WindowTable.MAX_HISTORY * WindowTable.MAX_HISTORY;

    private final NativeBlock memory;
    private final DoublePointer values;
    private final int rows;

    /**
     * @param rows rows to keep, 1 to {@link #MAX_ROWS}
     * @throws IllegalArgumentException if there cannot be as many
     * @throws OutOfMemoryError         if they cannot be allocated; nothing is allocated then
     */
    public GramState(int rows) {
        super("GramState");
        this.rows = Require.between(1, MAX_ROWS, "rows", rows);
        long count = (long) rows * PER_ROW;
        memory = take(count * Double.BYTES, "inner products of " + rows + " rows", block -> block);
        values = memory.hiddenDoubles(count);
    }

    /** Number of rows kept. */
    public int rows() {
        return rows;
    }

    /** The state from a row on, for which the state is held. The pointer is one object, moved. */
    DoublePointer from(int first) {
        return values.position((long) first * PER_ROW);
    }

    @Override
    void free() {
        memory.free();
    }
}
