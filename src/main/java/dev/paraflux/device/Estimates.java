package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a model is taken to predict at rows of a {@link WindowTable}, where it is not asked at every row: of each row an
 * estimate H of x0, which {@link Queue#measure} corrects. At a <em>node</em> the model has been asked; between two nodes, H
 * changes by what it changes at these, interpolated linearly in the row. A window's rows name estimates as inputs
 * ({@link WindowTable#plusEstimate}). The arithmetic is in {@code window_residual.h}.
 *
 * <pre>{@code
 * estimates.node(x, 0, m, 0, h, 0);                       // H_0 = s x_0 + o m_0
 * estimates.linear(s, o);
 * estimates.between(x, 1, h, 1);                          // H_1 += (d_0 + d_2) / 2,  m_1 = a x_1 + b H_1
 * estimates.known(h, 1);
 * estimates.linear(a, b);
 * estimates.share(0.5);
 * estimates.node(x, 2, m, 2, h, 2);                       // d_2 = s x_2 + o m_2 - H_2
 * estimates.known(h, 2);
 * estimates.linear(s, o);
 * }</pre>
 *
 * <p>Part of its table: emptied and truncated with it. Estimates of a window are written in the order of their rows, the first
 * and the last are nodes.
 */
public final class Estimates {
    private static final int ENTRY = Layout.ESTIMATE;

    private final BufferSet buffers;
    private final Windows windows;
    private final Receipt receipt;
    private long[] words = new long[0];
    private int size;
    private double[] increments = new double[0];
    private int measured;

    /**
     * @param buffers of its table
     * @param receipt of what the table's windows have measured
     */
    Estimates(BufferSet buffers, Windows windows, Receipt receipt) {
        this.buffers = buffers;
        this.windows = windows;
        this.receipt = receipt;
    }

    /** Number of estimates of all windows. */
    public int size() {
        return size;
    }

    /**
     * Begins a node of the window begun last. Until something else is said, it tells nothing, and H was 0.
     *
     * @param state  buffer of the row's present value
     * @param output buffer of what the model has said there
     * @param x0     buffer that receives H
     * @return the estimate's index in the table
     * @throws IndexOutOfBoundsException if a buffer has no such row
     * @throws IllegalArgumentException  if rows are not as long as those of the table, or on another device
     * @throws IllegalStateException     if no window was begun, the table has {@link WindowTable#MAX_ROWS} estimates, or a
     *                                   buffer is closed
     */
    public int node(Buffer state, int stateRow, Buffer output, int outputRow, Buffer x0, int x0Row) {
        return begin(state, stateRow, output, output.address(outputRow), x0, x0Row);
    }

    /** Begins a row between two nodes; as {@link #node}. */
    public int between(Buffer state, int stateRow, Buffer x0, int x0Row) {
        return begin(state, stateRow, state, 0, x0, x0Row);
    }

    private int begin(Buffer state, int stateRow, Buffer output, long outputAddress, Buffer x0, int x0Row) {
        windows.firstRow();
        long x = state.address(stateRow);
        long after = x0.address(x0Row);
        if (size == words.length / ENTRY) {
            int capacity = Layout.grown(size, WindowTable.MAX_ROWS, "table");
            increments = Arrays.copyOf(increments, capacity * 2);
            words = Arrays.copyOf(words, capacity * ENTRY);
        }
        int known = buffers.size();
        try {
            buffers.add(state);
            buffers.add(output);
            buffers.add(x0);
        } catch (RuntimeException | Error e) {
            buffers.truncate(known);
            throw e;
        }
        int at = size * ENTRY;
        Arrays.fill(words, at, at + ENTRY, 0);
        words[at + Layout.ESTIMATE_X] = x;
        words[at + Layout.AFTER] = after;
        words[at + Layout.OUTPUT] = outputAddress;
        return size++;
    }

    /** Where the estimate begun last lies; it belongs to the window begun last. */
    private int last() {
        if (size == windows.firstEstimate()) {
            throw new IllegalStateException("no estimate of the window was begun");
        }
        return (size - 1) * ENTRY;
    }

    /**
     * Says where H of the estimate begun last lay before; it may be the row that receives it.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the table, or on another device
     * @throws IllegalStateException     if no estimate of the window was begun, or the buffer is closed
     */
    public void known(Buffer x0, int row) {
        int at = last();
        long address = x0.address(row);
        buffers.add(x0);
        words[at + Layout.ESTIMATE_BEFORE] = address;
    }

    /**
     * Says how state, output and x0 go together at the estimate begun last: x0 = ofState x + ofOther output at a node, output =
     * ofState x + ofOther H in between.
     *
     * @throws IllegalStateException if no estimate of the window was begun
     */
    public void linear(double ofState, double ofOther) {
        int at = last();
        words[at + Layout.OF_STATE] = Double.doubleToRawLongBits(ofState);
        words[at + Layout.OF_OTHER] = Double.doubleToRawLongBits(ofOther);
    }

    /**
     * Says how far the estimate begun last is on the way from the node before it to the one after it.
     *
     * @param share 0 to 1
     * @throws IllegalArgumentException if it is not
     * @throws IllegalStateException    if no estimate of the window was begun
     */
    public void share(double share) {
        Require.between(0.0, 1.0, "share", share);
        words[last() + Layout.ESTIMATE_SHARE] = Double.doubleToRawLongBits(share);
    }

    /**
     * Mean square of how far H went at a node, from the last {@link Queue#measure}.
     *
     * @param estimate its table index
     * @throws IndexOutOfBoundsException if there was no such estimate then
     * @throws IllegalArgumentException  if it is no node
     * @throws IllegalStateException     if nothing was measured since the table was made or cleared, or the queue was not
     *                                   awaited since
     */
    public double meanSquareChange(int estimate) {
        return increment(estimate, 0);
    }

    /**
     * Mean square of what the two nodes beside a node do not tell of its change: 0 at a window's first and last one. As
     * {@link #meanSquareChange}.
     */
    public double meanSquareError(int estimate) {
        return increment(estimate, 1);
    }

    private double increment(int estimate, int which) {
        receipt.require("estimate", "Queue.measure");
        Objects.checkIndex(estimate, measured);
        if (!isNode(estimate)) {
            throw new IllegalValueException("estimate", estimate, "that of a node");
        }
        return increments[2 * estimate + which] / buffers.dim();
    }

    private boolean isNode(int estimate) {
        return words[estimate * ENTRY + Layout.OUTPUT] != 0;
    }

    /** The input that stands for an estimate of the window begun last. */
    long input(int estimate) {
        int first = windows.firstEstimate();
        return -1L - (Objects.checkIndex(estimate, size) - Objects.checkIndex(first, estimate + 1));
    }

    void clear() {
        size = 0;
        measured = 0;
    }

    void truncate(int newSize) {
        size = newSize;
        measured = Math.min(measured, size);
    }

    /** Refuses what native code, which does not look, would take for a window. */
    void requireNodes(int rows) {
        for (int w = 0; w < windows.count(); w++) {
            int first = windows.firstEstimateOf(w);
            int end = windows.endOfEstimates(w, size);
            if (first < end && windows.isEmpty(w, rows)) {
                throw new IllegalStateException("window " + w + " of the table has estimates, but no row");
            }
            if (first < end && !(isNode(first) && isNode(end - 1))) {
                throw new IllegalStateException(
                        "the first and the last estimate of window " + w + " of the table must be nodes");
            }
        }
    }

    void stage(LongBuffer to) {
        to.put(0, words, 0, size * ENTRY);
    }

    void expect() {
        measured = size;
    }

    void receive(DoubleBuffer from, int at) {
        from.get(at, increments, 0, 2 * measured);
    }
}
