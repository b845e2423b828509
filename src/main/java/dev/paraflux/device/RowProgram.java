package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import java.util.Objects;

/**
 * Linear combinations of rows, the right side of equation (1) for many rows, that a {@link Queue} computes in one native
 * call: each is stored, or summed up, or both.
 *
 * <pre>{@code
 * program.clear();
 * program.into(x, 1).plus(a, x, 0).plus(b, m, 0);                   // x_1 = a x_0 + b m_0
 * program.into(y, 0).plus(1, x, 1).compare(y, 0, -1, 1);            // y_0 = x_1, and how far that went
 * queue.run(program);
 * queue.await();
 * program.sum(1);
 * }</pre>
 *
 * <p>Rows run in order: a row reads what rows before it have stored, and may overwrite it. It may be stored over one of
 * its own inputs, its mask, what is known or what it is compared with. Combinations run in double, in the order of the
 * terms, and are rounded to float once, when they are stored.
 *
 * <p>A list in the Java heap: nothing to close. For one thread at a time; make it once and refill it, it keeps the size
 * it has had. Running it copies it, so that it may be refilled at once. A call that is refused leaves it as it was.
 */
public final class RowProgram {
    /** Terms a row may have, at most. */
    public static final int MAX_TERMS = Kernels.PARAFLUX_MAX_TERMS;

    /** Rows that a program can hold. */
    public static final int MAX_ROWS = 1 << 24;

    private final BufferSet buffers = new BufferSet();
    private final ProgramRows list = new ProgramRows();
    final Receipt receipt = new Receipt();
    private double[] sums = new double[0];
    private int summed;
    /** What takes the sums of a run when they are there. */
    final Answers.Receiver receiver = (from, at, count) -> from.get(at, sums, 0, count);

    /** Empties the program, and forgets its sums. */
    public void clear() {
        list.clear();
        buffers.clear();
        receipt.forget();
    }

    /**
     * Takes back the rows from this one on, complete or not.
     *
     * @param rows rows that stay, 0 to {@link #rows()}
     * @throws IndexOutOfBoundsException if there are not as many
     */
    public void truncate(int rows) {
        Objects.checkFromToIndex(rows, rows(), rows());
        list.truncate(rows);
        summed = Math.min(summed, rows);
    }

    /** Number of rows. A row's index is this number before the row was begun. */
    public int rows() {
        return list.rows();
    }

    /**
     * Begins a row that is stored.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the program, or on another device
     * @throws IllegalStateException     if the buffer is closed, or the program has {@link #MAX_ROWS} rows
     */
    public RowProgram into(Buffer out, int row) {
        long address = out.address(row);
        list.makeRoom();
        buffers.add(out);
        list.begin(Kernels.PARAFLUX_ROW_STORE, address);
        return this;
    }

    /**
     * Begins a row that is not stored, but summed up.
     *
     * @throws IllegalStateException if the program has {@link #MAX_ROWS} rows
     */
    public RowProgram row() {
        list.makeRoom();
        list.begin(0, 0);
        return this;
    }

    /**
     * A row by itself: one row's values into another, bit for bit.
     *
     * @throws IndexOutOfBoundsException if a buffer has no such row
     * @throws IllegalArgumentException  if the rows are not as long as those of the program, or on another device, or are
     *                                   one row
     * @throws IllegalStateException     if a buffer is closed, or the program has {@link #MAX_ROWS} rows
     */
    public void copy(Buffer from, int fromRow, Buffer to, int toRow) {
        long source = from.address(fromRow);
        long target = to.address(toRow);
        if (source == target) {
            throw new IllegalValueException("toRow", toRow, "another row than the source");
        }
        list.makeRoom();
        buffers.add(from, to);
        list.begin(Kernels.PARAFLUX_ROW_STORE | Kernels.PARAFLUX_ROW_COPY, target);
        list.append(1, source);
    }

    /**
     * Adds a term to the row begun last.
     *
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the program, or on another device
     * @throws IllegalStateException     if no row was begun, the row is a copy or has {@link #MAX_TERMS} terms, or the
     *                                   buffer is closed
     */
    public RowProgram plus(double coefficient, Buffer input, int row) {
        list.requireTermFree();
        long address = input.address(row);
        buffers.add(input);
        list.append(coefficient, address);
        return this;
    }

    /**
     * Asks for the sum of squares of the row begun last, of its combination before it is rounded, blended or clamped:
     * finite if and only if all values are.
     *
     * @throws IllegalStateException if no row was begun, or the row is a copy or has another sum
     */
    public RowProgram squares() {
        list.requireOpen();
        add(Kernels.PARAFLUX_ROW_SQUARES, ProgramRows.SUMS);
        return this;
    }

    /** Asks for the sum of the values of the row begun last; as {@link #squares()}. */
    public RowProgram total() {
        list.requireOpen();
        add(Kernels.PARAFLUX_ROW_TOTAL, ProgramRows.SUMS);
        return this;
    }

    /**
     * Asks how far the row begun last went: the sum over its values of | what is stored - what lies in another row when
     * this one's turn comes |, both cut off at the limits; NaN if one of them is. Values are stored as they are. Another
     * row named later takes its place.
     *
     * @param before the row compared with; it may be the one that is stored
     * @param low    where values that are lower are seen; negative infinity for no limit
     * @param high   where values that are higher are seen, {@code low} or more; infinity for no limit
     * @throws IndexOutOfBoundsException if the buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the program, or on another device, or
     *                                   {@code low} is not at most {@code high}
     * @throws IllegalStateException     if no row was begun, or the row is a copy, is not stored or has another sum, or
     *                                   the buffer is closed
     */
    public RowProgram compare(Buffer before, int row, float low, float high) {
        Layout.requireOrdered(low, high);
        list.requireStored();
        list.requireFree(Kernels.PARAFLUX_ROW_COMPARE, ProgramRows.SUMS);
        long address = before.address(row);
        buffers.add(before);
        add(Kernels.PARAFLUX_ROW_COMPARE, ProgramRows.SUMS);
        list.set(Layout.BEFORE, address);
        list.set(Layout.SEEN_LOW, (double) low);
        list.set(Layout.SEEN_HIGH, (double) high);
        return this;
    }

    /** Says what the row begun last is besides; a sum that it had of a run is another's. */
    private void add(int what, int group) {
        list.requireFree(what, group);
        list.add(what);
        summed = Math.min(summed, list.rows() - 1);
    }

    /**
     * Stores the row begun last under a mask: mask v + (1 - mask) known, with v the combination. Exactly known where the
     * mask is 0 and v where it is 1; what is not finite stays so under any mask.
     *
     * @param mask  the row of shares of v, 0 to 1
     * @param known the row that shows where the mask is 0
     * @throws IndexOutOfBoundsException if a buffer has no such row
     * @throws IllegalArgumentException  if its rows are not as long as those of the program, or on another device
     * @throws IllegalStateException     if no row was begun, or the row is a copy, is not stored or is clamped, or a buffer
     *                                   is closed
     */
    public RowProgram blend(Buffer mask, int maskRow, Buffer known, int knownRow) {
        list.requireStored();
        list.requireFree(Kernels.PARAFLUX_ROW_BLEND, ProgramRows.FINISHES);
        long maskAddress = mask.address(maskRow);
        long knownAddress = known.address(knownRow);
        buffers.add(mask, known);
        add(Kernels.PARAFLUX_ROW_BLEND, ProgramRows.FINISHES);
        list.set(Layout.MASK, maskAddress);
        list.set(Layout.KNOWN, knownAddress);
        return this;
    }

    /**
     * Keeps the row begun last in a range and divides it; values that are not finite stay so.
     *
     * @param low     least value before it is divided, negative infinity for no limit
     * @param high    largest value before it is divided, {@code low} or more, infinity for no limit
     * @param divisor above 0, finite
     * @throws IllegalArgumentException naming the value outside its range
     * @throws IllegalStateException    if no row was begun, or the row is a copy, is not stored or is blended
     */
    public RowProgram clamp(double low, double high, double divisor) {
        Layout.requireOrdered(low, high);
        Require.positive("divisor", divisor);
        list.requireStored();
        add(Kernels.PARAFLUX_ROW_CLAMP, ProgramRows.FINISHES);
        list.set(Layout.LOW, low);
        list.set(Layout.HIGH, high);
        list.set(Layout.DIVISOR, divisor);
        return this;
    }

    /**
     * The sum that a row asked for, from the last {@link Queue#run}.
     *
     * @throws IndexOutOfBoundsException if there was no such row then, or more was asked of it since
     * @throws IllegalStateException     if the program has not run since it was made or cleared, its queue was not awaited
     *                                   since, or the row asked for no sum
     */
    public double sum(int row) {
        receipt.require("sum", "Queue.run");
        if (!list.hasSum(Objects.checkIndex(row, summed))) {
            throw new IllegalStateException("row " + row + " of the program asks for no sum");
        }
        return sums[row];
    }

    ProgramRows list() {
        return list;
    }

    BufferSet buffers() {
        return buffers;
    }

    /** Expects the sums of all rows, those that asked for none too. */
    void expect(Queue queue, long run) {
        if (sums.length < list.rows()) {
            sums = new double[list.capacity()];
        }
        summed = list.rows();
        receipt.give(queue, run);
    }
}
