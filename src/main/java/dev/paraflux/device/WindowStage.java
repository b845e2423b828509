package dev.paraflux.device;

import org.bytedeco.javacpp.Pointer;

/**
 * The windows of a {@link WindowTable} as native code reads them, and what is weighed on the host; grows to the most there
 * were.
 */
final class WindowStage {
    private static final int HISTORY = WindowTable.MAX_HISTORY;
    /** Numbers that a row measures: its square and its inner products. */
    static final int MEASURES = 1 + HISTORY;
    /** Numbers that an estimate measures: the squares of its change, and of what its neighbours do not tell of that. */
    static final int MEASURES_OF_ESTIMATE = 2;

    private NativeBlock block;
    private NativeBlock.Longs measuring;
    private NativeBlock.Longs weighing;
    private NativeBlock.Longs windows;
    private NativeBlock.Longs rows;
    private NativeBlock.Longs estimates;
    private NativeBlock.Doubles dots;
    private NativeBlock.Ints iterates;
    private NativeBlock.Ints plain;
    private NativeBlock.Doubles weights;
    private NativeBlock.Ints outcomes;
    private int windowCapacity;
    private int rowCapacity;
    private int estimateCapacity;

    /**
     * Makes room.
     *
     * @throws OutOfMemoryError if there is none; the stage is as it was then
     */
    private void reserve(int windowCount, int rowCount, int estimateCount) {
        if (windowCount > windowCapacity || rowCount > rowCapacity || estimateCount > estimateCapacity) {
            grow(Math.max(2 * windowCount, windowCapacity), Math.max(2 * rowCount, rowCapacity),
                    Math.max(2 * estimateCount, estimateCapacity));
        }
    }

    private void grow(int newWindows, int newRows, int newEstimates) {
        long wordsOfRow = Layout.WINDOW_ROW + 3L + 2L * HISTORY;
        NativeBlock larger = new NativeBlock(MemorySource.HOST,
                (2 * Layout.CALL + newWindows * (long) Layout.WINDOW + newRows * wordsOfRow
                        + newEstimates * (long) Layout.ESTIMATE) * Long.BYTES,
                newWindows + " windows of " + newRows + " rows");
        free();
        block = larger;
        measuring = block.longs(Layout.CALL);
        weighing = block.longs(Layout.CALL);
        windows = block.longs(newWindows * Layout.WINDOW);
        rows = block.longs(newRows * Layout.WINDOW_ROW);
        estimates = block.longs(newEstimates * Layout.ESTIMATE);
        dots = block.doubles(newRows * HISTORY);
        iterates = block.ints(newRows);
        plain = block.ints(newRows);
        weights = block.doubles(newRows * HISTORY);
        outcomes = block.ints(newRows);
        windowCapacity = newWindows;
        rowCapacity = newRows;
        estimateCapacity = newEstimates;
        point(measuring, Layout.WINDOWS_SIZES, windows.pointer(), rows.pointer(), estimates.pointer());
        point(weighing, Layout.WEIGHTS_SIZES, windows.pointer(), iterates.pointer(), plain.pointer(), dots.pointer(),
                weights.pointer(), outcomes.pointer());
    }

    /** Tells a struct, after its sizes, where its lists are. */
    private static void point(NativeBlock.Longs struct, int sizes, Pointer... lists) {
        for (int i = 0; i < lists.length; i++) {
            struct.java().put(sizes + i, lists[i].address());
        }
    }

    /**
     * The windows, as they are measured.
     *
     * @param answers where numbers go: the squares of all rows, then their inner products, {@link #MEASURES} a row; then
     *                {@link #MEASURES_OF_ESTIMATE} an estimate
     * @param scratch what the kernel works in
     */
    Pointer measuring(WindowTable table, long answers, long scratch) {
        reserve(table.windows(), table.rows(), table.estimates().size());
        table.stage(windows.java(), rows.java(), estimates.java());
        measuring.java().put(0, table.windows());
        measuring.java().put(1, table.buffers().dim());
        measuring.java().put(Layout.WINDOWS_SQUARES, answers);
        measuring.java().put(Layout.WINDOWS_DOTS, answers + table.rows() * (long) Double.BYTES);
        measuring.java().put(Layout.WINDOWS_INCREMENTS, answers + table.rows() * (long) MEASURES * Double.BYTES);
        measuring.java().put(Layout.WINDOWS_SCRATCH, scratch);
        return measuring.pointer();
    }

    /** Weighs windows that have been measured, and hands their weights over; 0, or an error of the kernel's. */
    int weigh(WindowTable table, Lane lane) {
        try {
            if (!table.list().anyWeighed(table.rows(), table.results())) {
                return 0;
            }
            table.list().acquire();
            int error = lane.weighWindows(weighing(table));
            if (error == 0) {
                table.results().takeWeights(this, table.rows());
                table.list().leaveOut(table.rows(), table.results());
            }
            return error;
        } finally {
            table.list().release();
        }
    }

    /** The windows, as they are weighed; other windows may have been measured since. */
    private Pointer weighing(WindowTable table) {
        reserve(table.windows(), table.rows(), 0);
        table.stageUse(windows.java(), dots.java(), iterates.java(), plain.java());
        weighing.java().put(0, table.windows());
        return weighing.pointer();
    }

    /** Copies weights and outcomes. */
    void weighed(double[] intoWeights, int[] intoOutcomes, int count) {
        weights.java().get(0, intoWeights, 0, count * HISTORY);
        outcomes.java().get(0, intoOutcomes, 0, count);
    }

    void free() {
        if (block != null) {
            block.free();
            block = null;
        }
    }
}
