package dev.paraflux.device;

import dev.paraflux.check.Require;

/** Inner products of the last iterates' residuals with each other, for every row that an acceleration may visit. */
public final class GramState extends NativeMemory {
    /** Rows that a state can keep, at most. */
    public static final int MAX_ROWS = 1 << 24;

    private static final int PER_ROW = WindowTable.MAX_HISTORY * WindowTable.MAX_HISTORY;

    private final NativeBlock memory;
    private final int rows;

    /**
     * @param rows rows to keep, 1 to {@link #MAX_ROWS}
     * @throws IllegalArgumentException if there cannot be as many
     * @throws OutOfMemoryError         if they cannot be allocated; nothing is allocated then
     */
    public GramState(int rows) {
        super("GramState");
        this.rows = Require.between(1, MAX_ROWS, "rows", rows);
        memory = take(MemorySource.HOST, (long) rows * PER_ROW * Double.BYTES, "inner products of " + rows + " rows",
                block -> block);
    }

    /** Number of rows kept. */
    public int rows() {
        return rows;
    }

    /** Where the state of a row lies, for which it is held. */
    long address(int row) {
        return memory.address() + (long) row * PER_ROW * Double.BYTES;
    }

    @Override
    void free() {
        memory.free();
    }
}
