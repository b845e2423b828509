package dev.paraflux.benchmarks.study;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.util.concurrent.locks.LockSupport;

/**
 * A model whose calls take a time of their own whatever the batch, as on a device that no batch fills: what its own work leaves
 * of that, the thread sleeps, as one that waits for a device. Counts the rows of the largest call.
 */
final class SteadyCalls extends ForwardingDenoiser {
    private final long nanos;
    private int mostRows;

    /** @param nanos of a call; 0 for what the model takes */
    SteadyCalls(Denoiser model, long nanos) {
        super(model);
        this.nanos = nanos;
    }

    /** Rows of the largest call since this was asked the last time. */
    int takeMostRows() {
        int rows = mostRows;
        mostRows = 0;
        return rows;
    }

    @Override
    public void evaluate(Batch batch) {
        long end = System.nanoTime() + nanos;
        mostRows = Math.max(mostRows, batch.size());
        super.evaluate(batch);
        for (long left = end - System.nanoTime(); nanos > 0 && left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
