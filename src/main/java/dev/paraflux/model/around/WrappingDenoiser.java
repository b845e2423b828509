package dev.paraflux.model.around;

import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;

/**
 * What a denoiser around another one does: speaks for it, and lets one call in at a time. It works on the queue of a batch,
 * or on one of its own, where rows of the host come without, and has rows on that device if it needs some.
 */
abstract class WrappingDenoiser extends ForwardingDenoiser {
    private final int dim;
    private final Lifetime lifetime = new Lifetime(getClass().getSimpleName());
    /** What is to be run next, empty between calls. */
    final RowProgram rows = new RowProgram();
    /** Where the batch lies. */
    private Device device;
    /** The batch's, or else {@link #own}. */
    private Queue queue;
    private Queue own;
    private int capacity;

    WrappingDenoiser(Denoiser model) {
        super(model);
        dim = Require.between(1, Buffer.MAX_DIM, "dim", model.dim());
    }

    /** Evaluates while it cannot be closed. */
    abstract void evaluateOpen(Batch batch);

    /** Makes room for batches of so many rows, more than before; rows on the device that are too few are freed. */
    void makeRoom(int batchRows) {}

    /** Rows that the model has in a batch of so many rows, at most. */
    int innerRows(int batchRows) {
        return batchRows;
    }

    /** Frees its rows on the device, if there are any; others are allocated when they are needed next. */
    void freeRows() {}

    /** What it does to the model, with every setting that changes what is predicted. */
    abstract Description description();

    /** The queue for rows of the batch that is being evaluated. */
    final Queue queue() {
        return queue;
    }

    /** Runs {@link #rows}, and empties them: what the queue is given next finds what they compute. */
    final void runRows() {
        queue.run(rows);
        if (queue == own) {
            queue.await();
        }
        rows.clear();
    }

    /** Has an inner batch follow the one that is being evaluated, on rows of the same device. */
    final void begin(Batch inner, Batch batch, Buffer states, int stateRow, Buffer predictions, int predictionRow) {
        inner.begin(batch.queue(), states, stateRow, predictions, predictionRow);
        inner.unwantedWhen(batch.unwanted());
    }

    /** The rows of the largest batch that there is room for. */
    final int capacity() {
        return capacity;
    }

    /**
     * Allocates rows that are its own, on the device of the batch that is being evaluated. If there is no memory for
     * them, none is kept: a smaller batch, which is tried next, has rows of its own size.
     */
    final Buffer allocate(int count) {
        try {
            return lifetime.own(() -> device.allocate(count, dim));
        } catch (RuntimeException | Error e) {
            freeRows();
            capacity = 0;
            throw e;
        }
    }

    private void reserve(int batchRows) {
        if (batchRows > capacity) {
            makeRoom(batchRows);
            capacity = batchRows;
        }
    }

    @Override
    public int dim() {
        return dim;
    }

    /** What the model leaves out, which is asked by {@link Batch#evaluateBy}, shows in what is made of it. */
    @Override
    public final boolean writesAll() {
        return true;
    }

    /** What it does, then what the model does. */
    @Override
    public final ModelIdentity identity() {
        return model.identity().in(description());
    }

    @Override
    public final void requireLegal(Condition condition) {
        requireLegal(Conditioning.of(condition));
    }

    @Override
    public final synchronized void prepare(int batchRows) {
        Batch.requireRows(batchRows, "rows");
        lifetime.acquire();
        try {
            reserve(batchRows);
            model.prepare(innerRows(batchRows));
        } finally {
            lifetime.release();
        }
    }

    @Override
    public final synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            batch.acquire(this);
            try {
                moveTo(batch.states().device());
                follow(batch.queue());
                // What a call that failed has left.
                rows.clear();
                reserve(batch.size());
                evaluateOpen(batch);
            } finally {
                batch.release();
            }
        } finally {
            lifetime.release();
        }
    }

    private void moveTo(Device where) {
        if (device != where) {
            release();
            device = where;
        }
    }

    /** Its rows may still be in use on the queue of the batch before, if that is another one. */
    private void follow(Queue other) {
        if (other == null) {
            own = own == null ? lifetime.own(device::queue) : own;
        }
        Queue next = other == null ? own : other;
        if (queue != null && queue != next) {
            device.awaitAll();
        }
        queue = next;
    }

    private void release() {
        freeRows();
        queue = null;
        if (own != null) {
            own.close();
            own = null;
        }
    }

    @Override
    public final String toString() {
        return description() + " around " + model;
    }

    /**
     * Frees what it holds; {@link #owning}, it closes the model, too. A second call does nothing.
     *
     * @throws IllegalStateException if it is in use, or a model that it owns is; it stays open
     */
    @Override
    public final void close() {
        if (isOwning() ? lifetime.closeWith(model::close) : lifetime.close()) {
            release();
        }
    }
}
