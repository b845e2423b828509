package dev.paraflux.device;

import dev.paraflux.check.Require;
import java.util.Arrays;
import java.util.Objects;

/**
 * Quantiles of the magnitudes of rows, which a {@link Queue} finds in one native call: the value that a share of a row's
 * |values| lie below, linear between the two next to it, as torch.quantile finds it.
 *
 * <p>A list in the Java heap: nothing to close. For one thread at a time; make it once and refill it. Running it copies
 * it, so that it may be refilled at once. A call that is refused leaves it as it was.
 */
public final class RowQuantiles {
    /** Quantiles that a list can hold. */
    public static final int MAX_ROWS = RowProgram.MAX_ROWS;

    private final BufferSet buffers = new BufferSet();
    final Receipt receipt = new Receipt();
    private long[] words = new long[0];
    private int count;
    private double[] values = new double[0];
    private int found;
    /** What takes the quantiles of a run when they are there. */
    final Answers.Receiver receiver = (from, at, number) -> from.get(at, values, 0, number);

    /** Empties the list, and forgets what was found. */
    public void clear() {
        count = 0;
        buffers.clear();
        receipt.forget();
    }

    /** Number of quantiles. */
    public int count() {
        return count;
    }

    /**
     * Asks for a quantile.
     *
     * @param share 0 (the least magnitude) to 1 (the largest)
     * @return its index, for {@link #value}
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if the share is out of range, or the buffer's rows are not as long as those of the
     *                                   list, or on another device
     * @throws IllegalStateException     if the buffer is closed, or the list has {@link #MAX_ROWS}
     */
    public int add(Buffer buffer, int row, double share) {
        Require.between(0.0, 1.0, "share", share);
        long address = buffer.address(row);
        if (count == words.length / Layout.QUANTILE) {
            words = Arrays.copyOf(words, Layout.grown(count, MAX_ROWS, "list") * Layout.QUANTILE);
        }
        buffers.add(buffer);
        words[count * Layout.QUANTILE + Layout.QUANTILE_ROW] = address;
        words[count * Layout.QUANTILE + Layout.SHARE] = Double.doubleToRawLongBits(share);
        return count++;
    }

    /**
     * A quantile, from the last {@link Queue#quantiles}; NaN if a value of the row was.
     *
     * @throws IndexOutOfBoundsException if there was no such quantile then
     * @throws IllegalStateException     if nothing was found since the list was made or cleared, or the queue was not
     *                                   awaited since
     */
    public double value(int quantile) {
        receipt.require("quantile", "Queue.quantiles");
        return values[Objects.checkIndex(quantile, found)];
    }

    BufferSet buffers() {
        return buffers;
    }

    /** Lays the list out for native code. */
    void stage(WordStage stage) {
        stage.put(words, count * Layout.QUANTILE);
    }

    /** Expects the quantiles. */
    void expect(Queue queue, long run) {
        if (values.length < count) {
            values = new double[Math.max(count, 2 * values.length)];
        }
        found = count;
        receipt.give(queue, run);
    }
}
