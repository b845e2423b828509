package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.GramTable;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.device.WindowTable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the solves of one round want computed, all together: rows, then windows and inner products, then rows to be read.
 * The engine empties it, lets every solve write into it, {@link #submit}s it and waits once. For one thread at a time;
 * it grows to the largest round.
 */
public final class Work {
    private final Queue queue;
    private final RowProgram rows = new RowProgram();
    private final WindowTable windows = new WindowTable();
    private final GramTable grams = new GramTable();
    private Buffer[] readFrom = new Buffer[4];
    private int[] readRows = new int[4];
    private float[][] readInto = new float[4][];
    private int[] offsets = new int[4];
    private int reads;
    private int markedRows;
    private int markedWindows;
    private int markedGroups;
    private int markedReads;

    /** Nothing to be computed, yet, by a queue that stays the caller's. */
    public Work(Queue queue) {
        this.queue = Objects.requireNonNull(queue, "queue");
    }

    /** Rows, computed in the order in which they are written here. Their sums are there after the wait. */
    public RowProgram rows() {
        return rows;
    }

    /** Windows, measured after the {@link #rows()}. */
    public WindowTable windows() {
        return windows;
    }

    /** Inner products, computed after the {@link #rows()}. */
    public GramTable grams() {
        return grams;
    }

    /** Writes a row at once, before any of {@link #rows()}; the values may be changed as soon as this returns. */
    public void write(float[] from, int offset, Buffer into, int row) {
        queue.write(from, offset, into, row);
    }

    /** Writes a row at once, from the position of memory outside the Java heap, which may be changed as soon as this returns. */
    public void write(FloatBuffer from, Buffer into, int row) {
        queue.write(from, into, row);
    }

    /**
     * Reads a row after all of {@link #rows()}; its values are there after the wait.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or its values do not fit in; nothing is read then
     */
    public void read(Buffer from, int row, float[] into, int offset) {
        Objects.checkIndex(row, from.rows());
        Objects.checkFromIndexSize(offset, from.dim(), into.length);
        if (reads == readRows.length) {
            grow();
        }
        readFrom[reads] = from;
        readRows[reads] = row;
        readInto[reads] = into;
        offsets[reads++] = offset;
    }

    /** Empties it; what was submitted is not stopped. */
    public void clear() {
        rows.clear();
        clearMeasures();
    }

    /** Empties it, but for the rows. */
    public void clearMeasures() {
        windows.clear();
        grams.clear();
        Arrays.fill(readFrom, 0, reads, null);
        Arrays.fill(readInto, 0, reads, null);
        reads = 0;
    }

    /** From here on {@link #undo} takes back. */
    public void mark() {
        markedRows = rows.rows();
        markedWindows = windows.windows();
        markedGroups = grams.groups();
        markedReads = reads;
    }

    /** Takes back what was written since {@link #mark}, complete or not: of a solve that has failed. */
    public void undo() {
        rows.truncate(markedRows);
        windows.truncate(markedWindows);
        grams.truncate(markedGroups);
        reads = markedReads;
    }

    /** Hands everything to the queue: at most one call of each kind. Numbers and reads are there after {@link Queue#await}. */
    public void submit() {
        queue.run(rows);
        queue.measure(windows);
        queue.gram(grams);
        for (int i = 0; i < reads; i++) {
            queue.read(readFrom[i], readRows[i], readInto[i], offsets[i]);
        }
    }

    private void grow() {
        int capacity = Math.multiplyExact(2, reads);
        readFrom = Arrays.copyOf(readFrom, capacity);
        readInto = Arrays.copyOf(readInto, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        // Last the one whose length is the capacity: if there is no memory for it, this is tried again.
        readRows = Arrays.copyOf(readRows, capacity);
    }
}
