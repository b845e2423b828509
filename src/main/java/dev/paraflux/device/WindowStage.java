package dev.paraflux.device;

import org.bytedeco.javacpp.Pointer;

/** The windows of a {@link WindowTable} as native code reads them, and what it answers; grows to the most there were. */
final class WindowStage {
    private static final int HISTORY = WindowTable.MAX_HISTORY;

    private NativeBlock block;
    private NativeBlock scratch;
    private NativeBlock.Longs measuring;
    private NativeBlock.Longs weighing;
    private NativeBlock.Longs windows;
    private NativeBlock.Longs rows;
    private NativeBlock.Doubles squares;
    private NativeBlock.Doubles dots;
    private NativeBlock.Ints iterates;
    private NativeBlock.Ints plain;
    private NativeBlock.Doubles weights;
    private NativeBlock.Ints outcomes;
    private int windowCapacity;
    private int rowCapacity;
    private long scratchCapacity;

    /**
     * Makes room.
     *
     * @throws OutOfMemoryError if there is none; the stage is as it was then
     */
    private void reserve(int windowCount, int rowCount, long scratchDoubles) {
        if (scratchDoubles > scratchCapacity) {
            NativeBlock larger = new NativeBlock(scratchDoubles * Double.BYTES, "what windows are worked on in");
            if (scratch != null) {
                scratch.free();
            }
            scratch = larger;
            scratchCapacity = scratchDoubles;
        }
        if (windowCount > windowCapacity || rowCount > rowCapacity) {
            grow(Math.max(2 * windowCount, windowCapacity), Math.max(2 * rowCount, rowCapacity));
        }
    }

    private void grow(int newWindows, int newRows) {
        long wordsOfRow = Layout.WINDOW_ROW + 4L + 2L * HISTORY;
        NativeBlock larger = new NativeBlock(
                (2 * Layout.CALL + newWindows * (long) Layout.WINDOW + newRows * wordsOfRow) * Long.BYTES,
                newWindows + " windows of " + newRows + " rows");
        if (block != null) {
            block.free();
        }
        block = larger;
        measuring = block.longs(Layout.CALL);
        weighing = block.longs(Layout.CALL);
        windows = block.longs(newWindows * Layout.WINDOW);
        rows = block.longs(newRows * Layout.WINDOW_ROW);
        squares = block.doubles(newRows);
        dots = block.doubles(newRows * HISTORY);
        iterates = block.ints(newRows);
        plain = block.ints(newRows);
        weights = block.doubles(newRows * HISTORY);
        outcomes = block.ints(newRows);
        windowCapacity = newWindows;
        rowCapacity = newRows;
        point(measuring, Layout.WINDOWS_SIZES, windows.pointer(), rows.pointer(), squares.pointer(), dots.pointer());
        point(weighing, Layout.WEIGHTS_SIZES, windows.pointer(), iterates.pointer(), plain.pointer(), dots.pointer(),
                weights.pointer(), outcomes.pointer());
    }

    /** Tells a struct, after its sizes, where its lists are. */
    private static void point(NativeBlock.Longs struct, int sizes, Pointer... lists) {
        for (int i = 0; i < lists.length; i++) {
            struct.java().put(sizes + i, lists[i].address());
        }
    }

    /** The windows, as they are measured in so many doubles. */
    Pointer measuring(WindowTable table, long scratchDoubles) {
        reserve(table.windows(), table.rows(), scratchDoubles);
        table.stage(windows.java(), rows.java());
        measuring.java().put(0, table.windows());
        measuring.java().put(1, table.buffers().dim());
        measuring.java().put(Layout.WINDOWS_SCRATCH, scratch.address());
        return measuring.pointer();
    }

    /** Copies what was measured. */
    void measured(double[] intoSquares, double[] intoDots, int count) {
        squares.java().get(0, intoSquares, 0, count);
        dots.java().get(0, intoDots, 0, count * HISTORY);
    }

    /** The windows, as they are weighed; other windows may have been measured since. */
    Pointer weighing(WindowTable table) {
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
        }
        if (scratch != null) {
            scratch.free();
        }
    }
}
