package dev.paraflux.model.pretrained;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.model.Batch;
import java.nio.FloatBuffer;

/**
 * Rows where a model works, in which batches are padded to the sizes that it is warmed up for, one set for all sizes. Rows of
 * the host are brought there from, and back, for a model that works elsewhere.
 */
final class PaddedRows implements AutoCloseable {
    private final Device device;
    private final int dim;
    private final Lifetime lifetime = new Lifetime("PaddedRows");
    private final float[] idle;
    private float[] values = {};
    private final RowProgram copies = new RowProgram();
    private Queue own;
    private Buffer states;
    private Buffer predictions;

    PaddedRows(Device device, int dim) {
        this.device = device;
        this.dim = dim;
        idle = idle(dim);
    }

    /** Values of no meaning. */
    static float[] idle(int length) {
        float[] row = new float[length];
        for (int e = 0; e < length; e++) {
            row[e] = 0.3f + e % 7 / 10f;
        }
        return row;
    }

    /** Has at least so many rows, which may lie elsewhere than before. */
    void reserve(int rows) {
        if (predictions != null && rows <= predictions.rows()) {
            return;
        }
        free();
        states = lifetime.own(() -> device.allocate(rows, dim));
        predictions = lifetime.own(() -> device.allocate(rows, dim));
    }

    /** Has at least so many states, of no meaning. */
    void setIdle(int rows) {
        reserve(rows);
        states.write(0, idle);
        for (int i = 1; i < rows; i++) {
            copies.copy(states, 0, states, i);
        }
        copy(own());
    }

    /** Whether the rows of a batch lie where these do. */
    boolean isWith(Batch batch) {
        return device.isHost() || batch.states().device() == device;
    }

    /** What copies rows of a batch: on the host, where several threads do, a queue of its own. */
    private Queue queue(Batch batch) {
        return device.isHost() || !isWith(batch) ? own() : batch.queue();
    }

    /** What a model call with a batch follows, or with none; null on the host. */
    Queue followed(Batch batch) {
        return device.isHost() ? null : batch == null ? own() : queue(batch);
    }

    /** Waits for what was done beside batches. */
    void await() {
        if (own != null) {
            own.await();
        }
    }

    long statesAddress() {
        return states.address(0);
    }

    long predictionsAddress() {
        return predictions.address(0);
    }

    /** Takes copies of the states of some places of an order, the last one again and again up to a size. */
    void take(Batch batch, RowOrder order, int from, int to, int size) {
        reserve(size);
        boolean with = isWith(batch);
        for (int i = 0; i < size; i++) {
            int row = batch.stateRow(order.row(Math.min(from + i, to - 1)));
            if (with) {
                copies.copy(batch.states(), row, states, i);
            } else {
                batch.states().read(row, values(1));
                own().write(values(1), 0, states, i);
            }
        }
        copy(queue(batch));
    }

    private float[] values(int rows) {
        int size = Math.multiplyExact(rows, dim);
        values = values.length < size ? new float[size] : values;
        return values;
    }

    /** Puts their predictions where the batch wants them. */
    void give(Batch batch, RowOrder order, int from, int to) {
        if (!isWith(batch)) {
            float[] found = values(to - from);
            for (int i = from; i < to; i++) {
                own().read(predictions, i - from, found, (i - from) * dim);
            }
            own().await();
            for (int i = from; i < to; i++) {
                batch.predictions().write(batch.predictionRow(order.row(i)),
                        FloatBuffer.wrap(found, (i - from) * dim, dim));
            }
            return;
        }
        for (int i = from; i < to; i++) {
            copies.copy(predictions, i - from, batch.predictions(), batch.predictionRow(order.row(i)));
        }
        copy(queue(batch));
    }

    private Queue own() {
        own = own == null ? lifetime.own(device::queue) : own;
        return own;
    }

    private void copy(Queue queue) {
        try {
            queue.run(copies);
            if (queue == own) {
                queue.await();
            }
        } finally {
            copies.clear();
        }
    }

    private void free() {
        if (states != null) {
            states.close();
            states = null;
        }
        if (predictions != null) {
            predictions.close();
            predictions = null;
        }
    }

    @Override
    public void close() {
        lifetime.close();
        free();
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
