package dev.paraflux;

/** A switch that stops a run from another thread, within one model call. It cannot be switched back. */
public final class Cancellation {
    private final Cancellation parent;
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
    }

    /** Whether it was switched. */
    public boolean isCancelled() {
        return cancelled || parent != null && parent.isCancelled();
    }
}
