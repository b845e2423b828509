package dev.paraflux.device;

import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;

/** Inner products of the last iterates' residuals with each other, for every row that an acceleration may visit. */
public final class GramState {
    private static final int PER_ROW = WindowTable.MAX_HISTORY * WindowTable.MAX_HISTORY;

    private final DoublePointer values;
    private final int rows;

    /** @param rows rows to keep, 1 or more */
    public GramState(int rows) {
        this.rows = rows;
        values = new DoublePointer(TermList.direct(Math.multiplyExact(rows, PER_ROW)).asDoubleBuffer());
    }

    /** The state from a row on. The pointer is one object, moved. */
    DoublePointer from(int first, int count) {
        Objects.checkFromIndexSize(first, count, rows);
        return values.position((long) first * PER_ROW);
    }
}
