package dev.paraflux.device;

import static dev.paraflux.device.Layout.BEFORE;
import static dev.paraflux.device.Layout.COEFFICIENT;
import static dev.paraflux.device.Layout.DIVISOR;
import static dev.paraflux.device.Layout.HIGH;
import static dev.paraflux.device.Layout.INPUT;
import static dev.paraflux.device.Layout.KIND;
import static dev.paraflux.device.Layout.KNOWN;
import static dev.paraflux.device.Layout.LOW;
import static dev.paraflux.device.Layout.MASK;
import static dev.paraflux.device.Layout.OUT;
import static dev.paraflux.device.Layout.SEEN_HIGH;
import static dev.paraflux.device.Layout.SEEN_LOW;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import java.util.Arrays;
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

    private static final int SUMS = Kernels.PARAFLUX_ROW_SQUARES | Kernels.PARAFLUX_ROW_TOTAL
            | Kernels.PARAFLUX_ROW_COMPARE;
    private static final int FINISHES = Kernels.PARAFLUX_ROW_BLEND | Kernels.PARAFLUX_ROW_CLAMP;

    private final BufferSet buffers = new BufferSet();
    private final Receipt receipt = new Receipt();
    private long[] words = new long[16 * (Layout.ROW + 3 * Layout.TERM)];
    private int used;
    private int[] starts = new int[16];
    private int rows;
    private double[] sums = new double[0];
    private int summed;

    /** Empties the program, and forgets its sums. */
    public void clear() {
        rows = 0;
        used = 0;
        buffers.clear();
        receipt.forget();
    }

    /** Number of rows. A row's index is this number before the row was begun. */
    public int rows() {
        return rows;
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
        makeRoom();
        buffers.add(out);
        begin(Kernels.PARAFLUX_ROW_STORE, address);
        return this;
    }

    /**
     * Begins a row that is not stored, but summed up.
     *
     * @throws IllegalStateException if the program has {@link #MAX_ROWS} rows
     */
    public RowProgram row() {
        makeRoom();
        begin(0, 0);
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
        makeRoom();
        buffers.add(from, to);
        begin(Kernels.PARAFLUX_ROW_STORE | Kernels.PARAFLUX_ROW_COPY, target);
        append(1, source);
    }

    private void makeRoom() {
        if (rows == starts.length) {
            starts = Arrays.copyOf(starts, Layout.grown(rows, MAX_ROWS, "program"));
        }
        int needed = used + Layout.ROW + MAX_TERMS * Layout.TERM;
        if (needed > words.length) {
            words = Arrays.copyOf(words, (int) Math.min(Math.max(2L * words.length, needed), Integer.MAX_VALUE - 8));
        }
    }

    private void begin(int kind, long out) {
        starts[rows++] = used;
        words[used + KIND] = kind;
        words[used + OUT] = out;
        used += Layout.ROW;
    }

    private void append(double coefficient, long input) {
        words[used + INPUT] = input;
        words[used + COEFFICIENT] = Double.doubleToRawLongBits(coefficient);
        used += Layout.TERM;
        words[starts[rows - 1] + KIND]++;
    }

    /** Where the row begun last starts, a copy apart. */
    private int last() {
        if (rows == 0) {
            throw new IllegalStateException("no row was begun");
        }
        int start = starts[rows - 1];
        if ((words[start] & Kernels.PARAFLUX_ROW_COPY) != 0) {
            throw new IllegalStateException("row " + (rows - 1) + " of the program is a copy, and nothing else");
        }
        return start;
    }

    private int lastStored() {
        int start = last();
        if ((words[start] & Kernels.PARAFLUX_ROW_STORE) == 0) {
            throw new IllegalStateException("row " + (rows - 1) + " of the program is not stored");
        }
        return start;
    }

    /** Says what the row at a place is besides; of a group only one thing may be said. A sum it has is another's. */
    private void add(int start, int what, int group) {
        if ((words[start] & group & ~what) != 0) {
            throw new IllegalStateException("row " + (rows - 1) + " of the program has "
                    + (group == SUMS ? "another sum already" : "a blend or a clamp already"));
        }
        words[start] |= what;
        summed = Math.min(summed, rows - 1);
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
        int start = last();
        Layout.requireRoom((int) words[start] & Kernels.PARAFLUX_ROW_TERMS, rows - 1, "program");
        long address = input.address(row);
        buffers.add(input);
        append(coefficient, address);
        return this;
    }

    /**
     * Asks for the sum of squares of the row begun last, of its combination before it is rounded, blended or clamped:
     * finite if and only if all values are.
     *
     * @throws IllegalStateException if no row was begun, or the row is a copy or has another sum
     */
    public RowProgram squares() {
        add(last(), Kernels.PARAFLUX_ROW_SQUARES, SUMS);
        return this;
    }

    /** Asks for the sum of the values of the row begun last; as {@link #squares()}. */
    public RowProgram total() {
        add(last(), Kernels.PARAFLUX_ROW_TOTAL, SUMS);
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
        int start = lastStored();
        long address = before.address(row);
        int known = buffers.size();
        buffers.add(before);
        addOr(known, start, Kernels.PARAFLUX_ROW_COMPARE, SUMS);
        words[start + BEFORE] = address;
        words[start + SEEN_LOW] = Double.doubleToRawLongBits(low);
        words[start + SEEN_HIGH] = Double.doubleToRawLongBits(high);
        return this;
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
        int start = lastStored();
        long maskAddress = mask.address(maskRow);
        long knownAddress = known.address(knownRow);
        int before = buffers.size();
        buffers.add(mask, known);
        addOr(before, start, Kernels.PARAFLUX_ROW_BLEND, FINISHES);
        words[start + MASK] = maskAddress;
        words[start + KNOWN] = knownAddress;
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
        int start = lastStored();
        add(start, Kernels.PARAFLUX_ROW_CLAMP, FINISHES);
        words[start + LOW] = Double.doubleToRawLongBits(low);
        words[start + HIGH] = Double.doubleToRawLongBits(high);
        words[start + DIVISOR] = Double.doubleToRawLongBits(divisor);
        return this;
    }

    /** As {@link #add}; refused, buffers that were added for it are forgotten again. */
    private void addOr(int knownBuffers, int start, int what, int group) {
        try {
            add(start, what, group);
        } catch (IllegalStateException e) {
            buffers.truncate(knownBuffers);
            throw e;
        }
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
        if ((words[starts[Objects.checkIndex(row, summed)]] & SUMS) == 0) {
            throw new IllegalStateException("row " + row + " of the program asks for no sum");
        }
        return sums[row];
    }

    /** Refuses rows that say too little to run. */
    void requireComplete() {
        for (int r = 0; r < rows; r++) {
            long kind = words[starts[r]];
            if ((kind & Kernels.PARAFLUX_ROW_TERMS) == 0) {
                throw new IllegalStateException("row " + r + " of the program has no term");
            }
            if ((kind & (Kernels.PARAFLUX_ROW_STORE | SUMS)) == 0) {
                throw new IllegalStateException("row " + r + " of the program is neither stored nor summed up");
            }
        }
    }

    BufferSet buffers() {
        return buffers;
    }

    /** Lays the program out for native code. */
    void stage(WordStage stage, int scratch) {
        stage.put(words, used, rows, scratch);
    }

    /** Takes the sums of all rows, those that asked for none too. */
    void take(WordStage stage, Queue queue, long run) {
        if (sums.length < rows) {
            sums = new double[starts.length];
        }
        stage.get(sums, rows);
        summed = rows;
        receipt.give(queue, run);
    }
}
