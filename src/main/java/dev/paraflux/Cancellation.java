package dev.paraflux;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A switch that stops a run from another thread: within one model call, or at once while the run waits for its turn. It
 * cannot be switched back, and may serve any number of runs.
 */
public final class Cancellation {
    private final Cancellation parent;
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /** Not cancelled yet. */
    public Cancellation() {
        this(null);
    }

    /** Also cancelled when its parent is. */
    Cancellation(Cancellation parent) {
        this.parent = parent;
    }

    /** Stops the runs that were given this switch. */
    public void cancel() {
        cancelled = true;
        waiting.forEach(LockSupport::unpark);
    }

    /** Whether it was switched. */
    public boolean isCancelled() {
        return cancelled || parent != null && parent.isCancelled();
    }

    /** From now on the thread, which is about to park, is woken by {@link #cancel()}; it looks at the switch after this. */
    void wake(Thread thread) {
        waiting.add(thread);
        if (parent != null) {
            parent.wake(thread);
        }
    }

    void letSleep(Thread thread) {
        waiting.remove(thread);
        if (parent != null) {
            parent.letSleep(thread);
        }
    }
}
