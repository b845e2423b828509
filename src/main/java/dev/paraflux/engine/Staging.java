package dev.paraflux.engine;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Resources;

/**
 * Rows of the host that a model reads and writes, where it cannot reach those of the device: states travel to the host
 * before a model call, which waits for them, and predictions to the device after it, which nobody waits for.
 */
final class Staging implements AutoCloseable {
    private final Device device;
    private final Queue queue;
    private final int dim;
    private final Lifetime owner;
    private Resources resources = new Resources();
    private Buffer states;
    private Buffer predictions;

    Staging(Device device, Queue queue, int dim, Lifetime owner) {
        this.device = device;
        this.queue = queue;
        this.dim = dim;
        this.owner = owner;
    }

    /**
     * Makes room for so many rows.
     *
     * @param size rows to make where there are fewer
     * @throws OutOfMemoryError if there is no memory; what there was is free then
     */
    void makeRoom(int rows, int size) {
        if (states == null || states.rows() < rows) {
            close();
            resources = owner.own(Resources::new);
            states = resources.staging(device, size, dim);
            predictions = resources.staging(device, size, dim);
        }
    }

    /** Copies states to {@link #states()}, from row 0 on, and waits for all that the queue was given. */
    void fetch(Buffer from, int row, int count) {
        queue.transfer(from, row, states, 0, count);
        queue.await();
    }

    /** Copies {@link #predictions()} to the device, from row 0 on, before what the queue is given next. */
    void send(Buffer into, int row, int count) {
        queue.transfer(predictions, 0, into, row, count);
    }

    Buffer states() {
        return states;
    }

    Buffer predictions() {
        return predictions;
    }

    @Override
    public void close() {
        resources.close();
        states = null;
        predictions = null;
    }
}
