package dev.paraflux;

import dev.paraflux.device.Lifetime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls of a sampler that are not over, each of which keeps it from being closed. */
final class Calls {
    private final Lifetime lifetime;
    private final Set<RunLimits> underWay = ConcurrentHashMap.newKeySet();

    Calls(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    /**
     * Begins a call, which ends by {@link #end}.
     *
     * @throws IllegalStateException if the sampler is closed
     */
    void begin(RunLimits call) {
        lifetime.acquire();
        underWay.add(call);
    }

    void end(RunLimits call) {
        underWay.remove(call);
        lifetime.release();
        call.noteEnd();
    }

    /**
     * Waits for the calls that were cancelled: nobody may be left who could. They end within one model call.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void awaitCancelled() throws InterruptedException {
        for (RunLimits call : underWay) {
            if (call.cancellation().isCancelled()) {
                call.awaitEnd();
            }
        }
    }
}
