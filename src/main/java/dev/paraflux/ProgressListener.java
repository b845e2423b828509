package dev.paraflux;

/** Called after every round. Called on the thread that samples, so keep it short; an exception from it ends the run. */
@FunctionalInterface
public interface ProgressListener {
    /** A round is over. The object is reused: read it now, do not keep it. */
    void onRound(Progress progress);
}
