package dev.paraflux;

/**
 * Called after every round that a call takes part in: on the thread that called, or, where that has a future, on the
 * sampler's executor. The call sits out until it returns, others go on; an exception from it ends the call.
 */
@FunctionalInterface
public interface ProgressListener {
    /** A round is over. The object is reused: read it now, do not keep it. */
    void onRound(Progress progress);
}
