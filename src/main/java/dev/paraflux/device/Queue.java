package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.kernel.Kernels;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;

/**
 * Work on rows of one device, done in the order in which it is given: programs of rows, measurements, and copies of rows
 * in and out. Work may still be under way when a call returns; numbers and rows that were asked for are there after
 * {@link #await()}. Each kind of work is one native call, however many rows it has; an empty list is none.
 *
 * <p>A queue owns the memory that native code reads lists from, works in and answers to; it grows to the longest lists
 * there were. For one thread at a time. A call that is refused does nothing.
 */
public abstract non-sealed class Queue extends NativeMemory {
    private final Device device;
    private final WordStage programs = new WordStage(Layout.PROGRAM_SIZES, true);
    private final WordStage grams = new WordStage(Layout.GRAM_SIZES, true);
    private final WordStage quantiles = new WordStage(Layout.QUANTILE_SIZES, false);
    private final WindowStage windows = new WindowStage();
    private long given;
    private long done;

    Queue(Device device) {
        super("Queue");
        this.device = device;
        lifetime.watch();
    }

    /** Where the rows live that this queue works on. */
    public Device device() {
        return device;
    }

    /**
     * Computes every row of a program, in order.
     *
     * @throws IllegalArgumentException if the rows are on another device
     * @throws IllegalStateException    if a row has no term or is neither stored nor summed up, or a buffer or the queue is
     *                                  closed, or the kernel fails
     */
    public void run(RowProgram program) {
        program.list().requireComplete();
        BufferSet buffers = begin(program.buffers());
        try {
            if (program.rows() > 0) {
                program.list().stage(programs, programScratch(program.rows(), buffers.dim()));
                require(runProgram(programs.call(program.rows(), buffers.dim())), "row_program");
            }
            program.take(programs, this, ++given);
        } finally {
            end(buffers);
        }
    }

    /**
     * Computes residuals, maps, mean squares and inner products of the rows of every window.
     *
     * @throws IllegalArgumentException if the rows are on another device
     * @throws IllegalStateException    if a row has no term, or a buffer or the queue is closed, or the kernel fails
     */
    public void measure(WindowTable table) {
        table.requireTerms();
        BufferSet buffers = begin(table.buffers());
        try {
            int dim = table.rows() > 0 ? buffers.dim() : 1;
            if (table.rows() > 0) {
                long scratch = windowScratch(table.longest(), dim);
                require(measureWindows(windows.measuring(table, scratch)), "window_residual");
            }
            table.results().takeMeasures(windows, table.rows(), dim, this, ++given);
        } finally {
            end(buffers);
        }
    }

    /**
     * Solves the small systems of the rows of every window, equation (4): on the host, from numbers that {@link #measure}
     * has computed and {@link #await()} has waited for. Windows without inner products, and those of which no row was told
     * what it may use, are left out. The weights are there at once.
     *
     * @throws IllegalStateException if a row was not measured or not awaited, or what it may use was not said or is more
     *                               than the history or than a row before it has, or a {@link GramState} or the queue is
     *                               closed
     */
    public void weigh(WindowTable table) {
        WindowResults results = table.results();
        results.requireMeasured(table.rows());
        table.list().requireUse(table.rows(), results);
        lifetime.acquire();
        try {
            if (table.list().anyWeighed(table.rows(), results)) {
                table.list().acquire();
                require(weighWindows(windows.weighing(table)), "anderson_weights");
                results.takeWeights(windows, table.rows());
                table.list().leaveOut(table.rows(), results);
            }
        } finally {
            table.list().release();
            lifetime.release();
        }
    }

    /**
     * Computes the inner products of the rows of every group with each other.
     *
     * @throws IllegalArgumentException if the rows are on another device
     * @throws IllegalStateException    if the last group lacks rows or a row has no term, or a buffer or the queue is
     *                                  closed, or the kernel fails
     */
    public void gram(GramTable table) {
        table.requireComplete();
        BufferSet buffers = begin(table.buffers());
        try {
            if (table.groups() > 0) {
                table.stage(grams);
                require(multiply(grams.call(table.groups(), buffers.dim(), table.size())), "row_gram");
            }
            table.take(grams, this, ++given);
        } finally {
            end(buffers);
        }
    }

    /**
     * Finds every quantile of a list.
     *
     * @throws IllegalArgumentException if the rows are on another device
     * @throws IllegalStateException    if a buffer or the queue is closed, or the kernel fails
     */
    public void quantiles(RowQuantiles list) {
        BufferSet buffers = begin(list.buffers());
        try {
            if (list.count() > 0) {
                list.stage(quantiles);
                require(findQuantiles(quantiles.call(list.count(), buffers.dim())), "row_quantile");
            }
            list.take(quantiles, this, ++given);
        } finally {
            end(buffers);
        }
    }

    /**
     * Copies a row out; it is there after {@link #await()}.
     *
     * @param into receives the row in {@code into[offset .. offset + dim - 1]}
     * @throws IndexOutOfBoundsException if there is no such row, or the array is too short
     * @throws IllegalArgumentException  if the buffer is on another device
     * @throws IllegalStateException     if the buffer or the queue is closed
     */
    public void read(Buffer buffer, int row, float[] into, int offset) {
        requireMine(buffer);
        copyOut(buffer, row, into, offset);
    }

    /**
     * Copies a row out, to where the position of {@code into} is, which stays; it is there after {@link #await()}.
     *
     * @throws IndexOutOfBoundsException        if there is no such row, or too few values remain
     * @throws java.nio.ReadOnlyBufferException if nothing can be written there
     * @throws IllegalArgumentException         if the buffer is on another device
     * @throws IllegalStateException            if the buffer or the queue is closed
     */
    public void read(Buffer buffer, int row, FloatBuffer into) {
        requireMine(buffer);
        copyOut(buffer, row, into);
    }

    /** Copies a row in, from {@code from[offset .. offset + dim - 1]}, which has been read on return; as {@link #read}. */
    public void write(float[] from, int offset, Buffer buffer, int row) {
        requireMine(buffer);
        copyIn(from, offset, buffer, row);
    }

    /** Copies a row in, from where the position of {@code from} is, which stays; it has been read on return. */
    public void write(FloatBuffer from, Buffer buffer, int row) {
        requireMine(buffer);
        copyIn(from, buffer, row);
    }

    /**
     * Waits until all work that was given is done: numbers and rows that were asked for are there.
     *
     * @throws IllegalStateException if the queue is closed, or work has failed
     */
    public void await() {
        lifetime.requireOpen();
        finish();
        done = given;
    }

    /** Whether a run of this queue has been waited for. */
    boolean hasDone(long run) {
        return run <= done;
    }

    /** Holds the queue and the buffers of a list while native code runs on them. */
    private BufferSet begin(BufferSet buffers) {
        if (buffers.size() > 0 && buffers.device() != device) {
            throw new IllegalValueException("device", buffers.device(), device + ", that of the queue");
        }
        lifetime.acquire();
        try {
            buffers.acquire();
        } catch (RuntimeException | Error e) {
            end(buffers);
            throw e;
        }
        return buffers;
    }

    private void end(BufferSet buffers) {
        buffers.release();
        lifetime.release();
    }

    private void requireMine(Buffer buffer) {
        lifetime.requireOpen();
        if (buffer.device() != device) {
            throw new IllegalValueException("device", buffer.device(), device + ", that of the queue");
        }
    }

    private static void require(int error, String kernel) {
        if (error != 0) {
            throw new IllegalStateException("the kernel " + kernel + " failed with error " + error);
        }
    }

    /** Calls row_program; 0, or an error. */
    abstract int runProgram(Pointer call);

    /** Calls window_residual; 0, or an error. */
    abstract int measureWindows(Pointer call);

    /** Calls anderson_weights, on the host; 0, or an error. */
    int weighWindows(Pointer call) {
        return Kernels.paraflux_anderson_weights(call);
    }

    /** Calls row_gram; 0, or an error. */
    abstract int multiply(Pointer call);

    /** Calls row_quantile; 0, or an error. */
    abstract int findQuantiles(Pointer call);

    /** Doubles that the kernel works in on so many rows, beside their sums; 0 for none. */
    abstract int programScratch(int rows, int dim);

    /** Doubles that the kernel works in on windows of which the longest has so many rows. */
    abstract long windowScratch(int longest, int dim);

    abstract void copyOut(Buffer buffer, int row, float[] into, int offset);

    abstract void copyOut(Buffer buffer, int row, FloatBuffer into);

    abstract void copyIn(float[] from, int offset, Buffer buffer, int row);

    abstract void copyIn(FloatBuffer from, Buffer buffer, int row);

    /** Waits for all work. */
    abstract void finish();

    @Override
    void free() {
        programs.free();
        grams.free();
        quantiles.free();
        windows.free();
    }
}
