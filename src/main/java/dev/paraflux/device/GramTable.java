package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import java.util.Arrays;
import java.util.Objects;

/**
 * Groups of linear combinations of rows whose inner products with each other a {@link Queue} computes in one pass over
 * memory, none of them stored. With the vectors of a least squares problem and its right side as a group's rows, these
 * are its normal equations.
 *
 * <p>A list in the Java heap: nothing to close. For one thread at a time; make it once and refill it. Running it copies
 * it, so that it may be refilled at once. A call that is refused leaves it as it was.
 */
public final class GramTable {
    /** Rows that a group may have, at most: six vectors and a right side. */
    public static final int MAX_GRAM = Kernels.PARAFLUX_MAX_GRAM;

    /** Rows that a table can hold. */
    public static final int MAX_ROWS = RowProgram.MAX_ROWS;

    private final BufferSet buffers = new BufferSet();
    final Receipt receipt = new Receipt();
    private long[] words = new long[0];
    private int rows;
    private int groups;
    private int size;
    private double[] products = new double[0];
    private int computed;
    private int computedSize;
    /** What takes the inner products of a run when they are there. */
    final Answers.Receiver receiver = (from, at, count) -> from.get(at, products, 0, count);

    /** Empties the table, and forgets its inner products. */
    public void clear() {
        rows = 0;
        groups = 0;
        buffers.clear();
        receipt.forget();
    }

    /**
     * Takes back the groups from this one on, complete or not.
     *
     * @param toGroups groups that stay, 0 to {@link #groups()}
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public void truncate(int toGroups) {
        Objects.checkFromToIndex(toGroups, groups, groups);
        if (toGroups < groups) {
            groups = toGroups;
            rows = toGroups * size;
        }
    }

    /** Number of groups. */
    public int groups() {
        return groups;
    }

    /**
     * Begins a group.
     *
     * @param ofSize rows it will have, 1 to {@link #MAX_GRAM}; all groups of a table have as many
     * @return its index, for {@link #inner}
     * @throws IllegalArgumentException if the size is out of range, or not that of the groups before
     * @throws IllegalStateException    if the group before lacks rows
     */
    public int group(int ofSize) {
        Require.between(1, MAX_GRAM, "size", ofSize);
        if (groups > 0 && ofSize != size) {
            throw new IllegalValueException("size", ofSize, size + ", that of the groups before");
        }
        requireFull();
        size = ofSize;
        return groups++;
    }

    /** Refuses a last group that lacks rows. */
    private void requireFull() {
        if (rows < groups * (long) size) {
            throw new IllegalStateException("group " + (groups - 1) + " lacks rows: it has "
                    + (rows - (groups - 1) * size) + " of " + size);
        }
    }

    /**
     * Begins the next row of the group begun last.
     *
     * @throws IllegalStateException if no group was begun, or it has all its rows, or the table {@link #MAX_ROWS}
     */
    public GramTable row() {
        if (rows == groups * (long) size) {
            throw new IllegalStateException(
                    groups == 0 ? "no group was begun" : "group " + (groups - 1) + " has all its " + size + " rows");
        }
        if (rows == words.length / Layout.COMBINATION) {
            words = Arrays.copyOf(words, Layout.grown(rows, MAX_ROWS, "table") * Layout.COMBINATION);
        }
        words[rows++ * Layout.COMBINATION + Layout.TERMS] = 0;
        return this;
    }

    /**
     * Adds a term to the row begun last.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the table, or on another device
     * @throws IllegalStateException     if no row was begun, the row has {@link RowProgram#MAX_TERMS} terms, or the buffer
     *                                   is closed
     */
    public GramTable plus(double coefficient, Buffer input, int row) {
        if (rows == 0) {
            throw new IllegalStateException("no row was begun");
        }
        int at = (rows - 1) * Layout.COMBINATION;
        Layout.requireRoom((int) words[at + Layout.TERMS], rows - 1, "table");
        long address = input.address(row);
        buffers.add(input);
        Layout.plus(words, at, coefficient, address);
        return this;
    }

    /**
     * Inner product of rows {@code a} and {@code b} of a group, in either order, from the last {@link Queue#gram}; finite
     * only if all values of both rows are.
     *
     * @param group the group, 0 to the number of groups - 1
     * @param a     a row of the group, 0 to its size - 1
     * @param b     a row of the group, 0 to its size - 1
     * @throws IndexOutOfBoundsException if there was no such group or row then
     * @throws IllegalStateException     if nothing was computed since the table was made or cleared, or the queue was not
     *                                   awaited since
     */
    public double inner(int group, int a, int b) {
        receipt.require("inner product", "Queue.gram");
        Objects.checkIndex(group, computed);
        int low = Math.min(Objects.checkIndex(a, computedSize), Objects.checkIndex(b, computedSize));
        int high = Math.max(a, b);
        return products[group * pairs(computedSize) + low * computedSize - low * (low - 1) / 2 + high - low];
    }

    private static int pairs(int size) {
        return size * (size + 1) / 2;
    }

    /** Refuses groups and rows that say too little to run. */
    void requireComplete() {
        requireFull();
        for (int r = 0; r < rows; r++) {
            if (words[r * Layout.COMBINATION + Layout.TERMS] == 0) {
                throw new IllegalStateException("row " + r + " of the table has no term");
            }
        }
    }

    int size() {
        return size;
    }

    BufferSet buffers() {
        return buffers;
    }

    /** Lays the table out for native code. */
    void stage(WordStage stage) {
        stage.put(words, rows * Layout.COMBINATION);
    }

    /** Inner products that a run computes. */
    int answers() {
        return groups * pairs(size);
    }

    /** Expects them. */
    void expect(Queue queue, long run) {
        int count = answers();
        if (products.length < count) {
            products = new double[Math.max(count, 2 * products.length)];
        }
        computed = groups;
        computedSize = size;
        receipt.give(queue, run);
    }
}
