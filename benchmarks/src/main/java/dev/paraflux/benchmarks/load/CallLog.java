package dev.paraflux.benchmarks.load;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.util.Arrays;

/** A model that notes when it is called. */
final class CallLog extends ForwardingDenoiser {
    private long[] begins = new long[1024];
    private int calls;

    CallLog(Denoiser model) {
        super(model);
    }

    /** Calls that began after one moment and before another, by {@link System#nanoTime()}. */
    synchronized int calls(long after, long before) {
        int count = 0;
        for (int i = 0; i < calls; i++) {
            if (begins[i] > after && begins[i] < before) {
                count++;
            }
        }
        return count;
    }

    private synchronized void note() {
        if (calls == begins.length) {
            begins = Arrays.copyOf(begins, 2 * calls);
        }
        begins[calls++] = System.nanoTime();
    }

    @Override
    public void evaluate(Batch batch) {
        note();
        super.evaluate(batch);
    }
}
