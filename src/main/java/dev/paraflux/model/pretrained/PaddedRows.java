package dev.paraflux.model.pretrained;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.model.Batch;

/** Rows in which batches are padded to the sizes that a model is warmed up for, one set for all sizes. */
final class PaddedRows implements AutoCloseable {
    private final Device device;
    private final int dim;
    private final Lifetime lifetime = new Lifetime("PaddedRows");
    private final float[] idle;
    private final RowProgram copies = new RowProgram();
    private Queue queue;
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
        copy();
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
        for (int i = 0; i < size; i++) {
            copies.copy(batch.states(), batch.stateRow(order.row(Math.min(from + i, to - 1))), states, i);
        }
        copy();
    }

    /** Puts their predictions where the batch wants them. */
    void give(Batch batch, RowOrder order, int from, int to) {
        for (int i = from; i < to; i++) {
            copies.copy(predictions, i - from, batch.predictions(), batch.predictionRow(order.row(i)));
        }
        copy();
    }

    private void copy() {
        queue = queue == null ? lifetime.own(device::queue) : queue;
        try {
            queue.run(copies);
            queue.await();
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
        if (queue != null) {
            queue.close();
            queue = null;
        }
    }
}
