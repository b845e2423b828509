package dev.paraflux.engine;

import java.util.concurrent.locks.LockSupport;

/**
 * What one caller asked for at once: some runs, which join in order and end each on its own, or, without runs, a chore for
 * whoever leads. By itself it is never stopped, and nobody hears of it. Its fields are guarded by the {@link Line}, but for those that say otherwise.
 */
public abstract class Call {
    private Run[] runs;
    /** Runs that have left the line. */
    int begun;
    /** Runs that are over. */
    int ended;
    /** Also read by the leader of this very call. */
    volatile boolean inLine;
    /** Runs that sit out with it. */
    int sittingOut;
    /** Its listener has yet to hear of the last round. */
    volatile boolean reportDue;
    /** It sits out rounds while its listener is told of the last one. */
    volatile boolean listening;
    /** Who runs its listener. */
    volatile Thread listener;
    /** Who waits for it; null if nobody does, since it has a future. */
    Thread thread;
    /** All of it has ended, and it has left the line. */
    boolean over;
    /** That was told to whoever waits for it: it is his again. */
    volatile boolean done;
    private volatile boolean interrupted;
    private volatile boolean closing;
    private volatile Throwable failure;

    /** Says what it is made of; it is used from now on as if it were new. */
    protected final void set(Run... newRuns) {
        runs = newRuns;
        begun = 0;
        ended = 0;
        inLine = false;
        sittingOut = 0;
        reportDue = false;
        listening = false;
        listener = null;
        thread = null;
        over = false;
        done = false;
        interrupted = false;
        closing = false;
        failure = null;
        for (Run run : newRuns) {
            run.call = this;
        }
    }

    /** Whether it was cancelled or its time is over; asked before every model call, on any thread. */
    protected boolean isStopped() {
        return false;
    }

    /** Nanoseconds until its time is over; {@link Long#MAX_VALUE} for never. */
    protected long remainingNanos() {
        return Long.MAX_VALUE;
    }

    /** Has {@code wake} run when it is cancelled, until {@link #unwatch}. */
    protected void watch(Runnable wake) {}

    /** Ends {@link #watch}; may be called without it. */
    protected void unwatch() {}

    /** Whether {@link #onRound} is to be called after each round. */
    protected boolean listens() {
        return false;
    }

    /** A round is over that it took part in. Called on a thread that leads nothing; what it throws ends the call. */
    protected void onRound() {}

    /** Has what follows from a listener or the end run on a thread that belongs to no caller. */
    protected void execute(Runnable task) {
        task.run();
    }

    /** Everything is over, of a call that nobody waits for. Not called under any lock. */
    protected void onDone() {}

    /** What a call without runs is for: done once its turn in the line comes, by the thread that leads. */
    protected void chore() {}

    /** The runs. */
    protected final Run[] runs() {
        return runs;
    }

    /** What it failed with, or null. */
    protected final Throwable failure() {
        return failure;
    }

    /** Whether it is to end before it is done. */
    final boolean stopped() {
        return failure != null || isGivenUp() || isStopped();
    }

    /** Whether the thread that waits for it was interrupted, or the sampler is being closed. */
    protected final boolean isGivenUp() {
        return interrupted || closing || thread != null && thread.isInterrupted();
    }

    /** Takes over the interrupt of this thread, which waits for it or leads; others see one or the other all the time. */
    final void takeInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            interrupted = true;
            Thread.interrupted();
        }
    }

    final boolean wasInterrupted() {
        return interrupted;
    }

    final void closing() {
        closing = true;
    }

    /** The first failure is what the caller hears of. */
    final synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        } else if (failure != e) {
            failure.addSuppressed(e);
        }
    }

    final boolean failed() {
        return failure != null;
    }

    /** Runs that are in slots. */
    final int inFlight() {
        return begun - ended;
    }

    final boolean allEnded() {
        return ended == runs.length;
    }

    final void wake() {
        LockSupport.unpark(thread);
    }
}
