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

    private NativeBlock block;
    private NativeBlock.Longs measuring;
    private NativeBlock.Longs weighing;
    private NativeBlock.Longs windows;
    private NativeBlock.Longs rows;
    private NativeBlock.Doubles dots;
    private NativeBlock.Ints iterates;
    private NativeBlock.Ints plain;
    private NativeBlock.Doubles weights;
    private NativeBlock.Ints outcomes;
    private int windowCapacity;
    private int rowCapacity;

    /**
     * Makes room.
     *
     * @throws OutOfMemoryError if there is none; the stage is as it was then
     */
    private void reserve(int windowCount, int rowCount) {
        if (windowCount > windowCapacity || rowCount > rowCapacity) {
            grow(Math.max(2 * windowCount, windowCapacity), Math.max(2 * rowCount, rowCapacity));
        }
    }

    private void grow(int newWindows, int newRows) {
        long wordsOfRow = Layout.WINDOW_ROW + 3L + 2L * HISTORY;
        NativeBlock larger = new NativeBlock(MemorySource.HOST,
                (2 * Layout.CALL + newWindows * (long) Layout.WINDOW + newRows * wordsOfRow) * Long.BYTES,
                newWindows + " windows of " + newRows + " rows");
        free();
        block = larger;
        measuring = block.longs(Layout.CALL);
        weighing = block.longs(Layout.CALL);
        windows = block.longs(newWindows * Layout.WINDOW);
        rows = block.longs(newRows * Layout.WINDOW_ROW);
        dots = block.doubles(newRows * HISTORY);
        iterates = block.ints(newRows);
        plain = block.ints(newRows);
        weights = block.doubles(newRows * HISTORY);
        outcomes = block.ints(newRows);
        windowCapacity = newWindows;
        rowCapacity = newRows;
        point(measuring, Layout.WINDOWS_SIZES, windows.pointer(), rows.pointer());
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
     * @param answers where {@link #MEASURES} numbers a row go: the squares of all rows, then their inner products
     * @param scratch what the kernel works in
     */
    Pointer measuring(WindowTable table, long answers, long scratch) {
        reserve(table.windows(), table.rows());
        table.stage(windows.java(), rows.java());
        measuring.java().put(0, table.windows());
        measuring.java().put(1, table.buffers().dim());
        measuring.java().put(Layout.WINDOWS_SQUARES, answers);
        measuring.java().put(Layout.WINDOWS_DOTS, answers + table.rows() * (long) Double.BYTES);
        measuring.java().put(Layout.WINDOWS_SCRATCH, scratch);
        return measuring.pointer();
    }

    /** The windows, as they are weighed; other windows may have been measured since. */
    Pointer weighing(WindowTable table) {
        reserve(table.windows(), table.rows());
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
