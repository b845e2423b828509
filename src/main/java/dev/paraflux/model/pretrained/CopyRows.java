package dev.paraflux.model.pretrained;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Batch;

/**
 * What a copy of a model has of a call: rows that lie side by side. Those of the host it takes as they are. Those of a device
 * it takes in the order of the call's queue, where it works there and no other copy does so; else on a queue of its own, which
 * follows that one and is then followed by it, so that the host waits for neither. Rows of another device than its own are
 * copied there and back by that queue. For one call at a time.
 */
final class CopyRows implements AutoCloseable {
    /** Calls until its own queue is waited for, whose last one has long been: else what is under way there adds up. */
    private static final int MOST_UNDER_WAY = 64;

    private final ModelCopy copy;
    private final Lifetime owner;
    private Batch batch;
    private Queue own;
    private int underWay;
    /** On its own device; null until rows come from another one. */
    private Buffer states;
    private Buffer predictions;
    /** Of the call that was begun last: null where it has not its own queue at work. */
    private Batch whole;
    private int first;
    private boolean brought;

    /** @param owner of the memory and the queue that this takes */
    CopyRows(ModelCopy copy, Lifetime owner) {
        this.copy = copy;
        this.owner = owner;
    }

    /** Makes room for so many rows. */
    void reserve(int rows) {
        if (batch == null || batch.capacity() < rows) {
            batch = new Batch(rows);
        }
    }

    /** Whether rows of a device need not go elsewhere. */
    boolean worksAt(Device device) {
        return copy.device() == device;
    }

    /**
     * Takes rows of a call, and has them be there.
     *
     * @param call  whose queue no copy has been given rows on yet
     * @param inRow whether it may evaluate them on the call's queue: no other copy does
     */
    void begin(Batch call, int from, int to, boolean inRow) {
        reserve(to - from);
        brought = false;
        Device device = call.states().device();
        if (device.isHost()) {
            // Without the queue, which is for one thread: the rows are there.
            batch.begin(call.states(), call.stateRow(from), call.predictions(), call.predictionRow(from));
        } else if (inRow) {
            batch.begin(call.queue(), call.states(), call.stateRow(from), call.predictions(), call.predictionRow(from));
        } else {
            follow(call, from, to - from);
            if (worksAt(device)) {
                batch.begin(own, call.states(), call.stateRow(from), call.predictions(), call.predictionRow(from));
            } else {
                brought = true;
                own.transfer(call.states(), call.stateRow(from), states, 0, to - from);
                batch.begin(own, states, 0, predictions, 0);
            }
        }
        batch.unwantedWhen(call.unwanted());
        for (int i = from; i < to; i++) {
            batch.add(call.level(i), call.conditioning(i));
        }
    }

    private void follow(Batch call, int from, int rows) {
        if (own == null) {
            own = owner.own(copy.device()::queue);
        } else if (++underWay > MOST_UNDER_WAY) {
            underWay = 0;
            own.await();
        }
        if (!worksAt(call.states().device())) {
            makeRows(rows, call.states().dim());
        }
        own.follow(call.queue());
        whole = call;
        first = from;
    }

    /** As many rows as were asked for at most, or, where there is no memory for those, as this call has. */
    private void makeRows(int rows, int dim) {
        if (states != null && states.rows() >= rows) {
            return;
        }
        freeRows();
        try {
            allocate(batch.capacity(), dim);
        } catch (OutOfMemoryError e) {
            if (batch.capacity() == rows) {
                throw e;
            }
            allocate(rows, dim);
        }
    }

    private void allocate(int rows, int dim) {
        try {
            states = owner.own(() -> copy.device().allocate(rows, dim));
            predictions = owner.own(() -> copy.device().allocate(rows, dim));
        } catch (RuntimeException | Error e) {
            freeRows();
            throw e;
        }
    }

    /** Has the copy evaluate its rows, and the predictions go where the call wants them. */
    void evaluate() {
        batch.evaluateBy(copy.model());
        if (brought) {
            own.transfer(predictions, 0, whole.predictions(), whole.predictionRow(first), batch.size());
        }
    }

    /**
     * What the call's queue is given next comes after what the copy's own queue was given, whatever that was. Nobody gives it
     * anything any more.
     */
    void end() {
        Batch call = whole;
        whole = null;
        if (call == null) {
            return;
        }
        try {
            call.queue().follow(own);
        } catch (RuntimeException | Error e) {
            // The rows are the caller's to free, who does not wait for this device.
            awaitIn(e);
            throw e;
        }
    }

    private void awaitIn(Throwable failure) {
        try {
            own.await();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    private void freeRows() {
        for (Buffer buffer : new Buffer[] {states, predictions}) {
            if (buffer != null) {
                buffer.close();
            }
        }
        states = null;
        predictions = null;
    }

    @Override
    public void close() {
        freeRows();
        if (own != null) {
            own.close();
        }
    }
}
