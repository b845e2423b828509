package dev.paraflux;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A switch that stops a run from another thread: within one model call or, of a model that can end one early, a part of
 * it; or at once while the run waits in the line. It cannot be switched back, and may serve any number of runs.
 */
public final class Cancellation {
    private final Cancellation parent;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
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
        watchers.forEach(Runnable::run);
    }

    /** Whether it was switched. */
    public boolean isCancelled() {
        return cancelled || parent != null && parent.isCancelled();
    }

    /** From now on {@link #cancel()} runs this too. Who watches looks at the switch after this. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
        if (parent != null) {
            parent.watch(watcher);
        }
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
        if (parent != null) {
            parent.unwatch(watcher);
        }
    }
}
