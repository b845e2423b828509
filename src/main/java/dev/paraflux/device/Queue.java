package dev.paraflux.device;

import java.nio.FloatBuffer;

/**
 * Work on rows of one device, done in the order in which it is given: programs of rows, measurements, and copies of rows
 * in and out. Work may still be under way when a call returns; numbers and rows that were asked for are there after
 * {@link #await()}. Each kind of work is one native call, however many rows it has; an empty list is none.
 *
 * <p>A queue owns the memory that native code reads lists from, works in and answers to; it grows to the longest lists
 * there were. For one thread at a time. A call that is refused does nothing.
 */
public final class Queue extends NativeMemory {
    private final Device device;
    private final WordStage programs = new WordStage(Layout.PROGRAM_SIZES);
    private final WordStage grams = new WordStage(Layout.GRAM_SIZES);
    private final WordStage quantiles = new WordStage(Layout.QUANTILE_SIZES);
    private final WindowStage windows = new WindowStage();
    private final Lane lane;
    private final UnderWay underWay;
    private final RowCopies copies;
    private final Scratch scratch;

    /** @param lane is the queue's own, closed with it */
    Queue(Device device, Lane lane) {
        super("Queue");
        this.device = device;
        this.lane = lane;
        underWay = new UnderWay(this, device.stagingMemory(), lane);
        copies = new RowCopies(device, lane, underWay, lifetime);
        scratch = new Scratch(device.rowMemory());
        lifetime.watch();
    }

    /** Where the rows live that this queue works on. */
    public Device device() {
        return device;
    }

    /**
     * What other native code follows to work in the order of this queue: on CUDA its cudaStream_t, which lives as long as the
     * queue; 0 on the host, where everything has been done when a call returns.
     */
    public long handle() {
        return lane.handle();
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
            long run = underWay.next();
            int rows = program.rows();
            if (rows > 0) {
                program.list().stage(programs);
                long room = scratch.doubles(lane.programScratch(rows, buffers.dim()));
                require(lane.runProgram(programs.call(rows, buffers.dim(), underWay.answers.room(rows), room)),
                        "row_program");
                underWay.answers.promise(run, program.receipt, program.receiver, rows);
            }
            program.expect(this, run);
        } finally {
            end(buffers);
        }
    }

    /**
     * Computes the estimates, residuals, maps, mean squares and inner products of the rows of every window.
     *
     * @throws IllegalArgumentException if the rows are on another device
     * @throws IllegalStateException    if a row has no term, or a window has estimates and no row, or its first or last
     *                                  estimate is no node, or a buffer or the queue is closed, or the kernel fails
     */
    public void measure(WindowTable table) {
        table.requireComplete();
        BufferSet buffers = begin(table.buffers());
        try {
            long run = underWay.next();
            int rows = table.rows();
            int dim = rows > 0 ? buffers.dim() : 1;
            if (rows > 0) {
                int measures = table.measures();
                long room = scratch.doubles(lane.windowScratch(table, dim));
                require(lane.measureWindows(windows.measuring(table, underWay.answers.room(measures), room)),
                        "window_residual");
                underWay.answers.promise(run, table.results().receipt, table.receiver, measures);
            }
            table.results().expect(rows, dim, this, run);
            table.estimates().expect();
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
        table.results().requireMeasured(table.rows());
        table.list().requireUse(table.rows(), table.results());
        lifetime.acquire();
        try {
            require(windows.weigh(table, lane), "anderson_weights");
        } finally {
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
            long run = underWay.next();
            if (table.groups() > 0) {
                table.stage(grams);
                long room = scratch.doubles(lane.gramScratch(table, buffers.dim()));
                require(lane.multiply(
                        grams.call(table.groups(), buffers.dim(), table.size(), underWay.answers.room(table.answers()),
                                room)),
                        "row_gram");
                underWay.answers.promise(run, table.receipt, table.receiver, table.answers());
            }
            table.expect(this, run);
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
            long run = underWay.next();
            if (list.count() > 0) {
                list.stage(quantiles);
                long room = underWay.answers.room(list.count());
                require(lane.findQuantiles(quantiles.call(list.count(), buffers.dim(), room, 0)), "row_quantile");
                underWay.answers.promise(run, list.receipt, list.receiver, list.count());
            }
            list.expect(this, run);
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
        copies.read(buffer, row, into, offset);
    }

    /**
     * Copies a row out, to where the position of {@code into} is, which stays; it is there after {@link #await()}.
     *
     * @throws java.nio.ReadOnlyBufferException if nothing can be written there; else as {@link #read(Buffer, int, float[], int)}
     */
    public void read(Buffer buffer, int row, FloatBuffer into) {
        copies.read(buffer, row, into);
    }

    /** Copies a row in, from {@code from[offset .. offset + dim - 1]}, which has been read on return; as {@link #read}. */
    public void write(float[] from, int offset, Buffer buffer, int row) {
        copies.write(from, offset, buffer, row);
    }

    /** Copies a row in, from where the position of {@code from} is, which stays; it has been read on return. */
    public void write(FloatBuffer from, Buffer buffer, int row) {
        copies.write(from, buffer, row);
    }

    /**
     * Copies rows that lie side by side between this device and one that it {@linkplain Device#reaches reaches}, either way;
     * of the host's memory {@link Device#staging} is fast, and on the host itself this works too. They are there after
     * {@link #await()}, and for what this queue is given next and those that {@link #follow} it; others leave both sides alone.
     *
     * @param rows number of rows, 1 or more
     * @throws IndexOutOfBoundsException if a buffer has not as many from its row on
     * @throws IllegalArgumentException  if the rows differ in length, or one of the buffers is neither on this device nor
     *                                   on one that it reaches, or none is on this device
     * @throws IllegalStateException     if a buffer or the queue is closed, or the device fails
     */
    public void transfer(Buffer from, int fromRow, Buffer to, int toRow, int rows) {
        copies.transfer(from, fromRow, to, toRow, rows);
    }

    /**
     * Has what this queue is given from now on wait for all that another one was given until now, on their devices: the host
     * goes on at once. Both are this thread's meanwhile. A queue of the host has nothing to wait for.
     *
     * @throws IllegalArgumentException if the other device is not this one, nor one that it {@linkplain Device#reaches reaches}
     * @throws IllegalStateException    if either is closed, or its device fails
     */
    public void follow(Queue other) {
        if (other.device != device) {
            device.requireReached(other.device);
        }
        lifetime.acquire();
        try {
            underWay.follow(other);
        } finally {
            lifetime.release();
        }
    }

    /** Makes every value of 1 row or more that lie side by side not a number; refuses as {@link #read} does. */
    public void spoil(Buffer buffer, int row, int rows) {
        copies.spoil(buffer, row, rows);
    }

    /**
     * Waits until all work that was given is done: numbers and rows that were asked for are there.
     *
     * @throws IllegalStateException if the queue is closed, or work has failed: then nothing that was asked for since the
     *                               last wait will be there
     */
    public void await() {
        lifetime.acquire();
        try {
            underWay.await();
        } finally {
            lifetime.release();
        }
    }

    UnderWay underWay() {
        return underWay;
    }

    /** Holds the queue and the buffers of a list while native code runs on them. */
    private BufferSet begin(BufferSet buffers) {
        if (buffers.size() > 0) {
            device.requireOwn(buffers.device());
        }
        lifetime.acquire();
        try {
            underWay.makeWay();
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

    private void require(int error, String kernel) {
        if (error != 0) {
            throw new IllegalStateException(
                    "the kernel " + kernel + " failed on " + device + ": " + device.words(error));
        }
    }

    /** What is under way is waited for first. */
    @Override
    void free() {
        lane.close();
        underWay.free();
        scratch.free();
        programs.free();
        grams.free();
        quantiles.free();
        windows.free();
    }
}
