package dev.paraflux;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When a call's run is to stop: by its switch, its time limit, or an interrupt of the thread that runs it. Made when the
 * call is made, since time counts from there.
 */
final class RunLimits {
    private static final double SECONDS_PER_NANO = 1e-9;

    private final Cancellation cancellation;
    private final long limitNanos;
    private final long calledNanos = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);

    RunLimits(RunOptions options) {
        cancellation = options.cancellation();
        // A limit of centuries becomes the longest that there is.
        limitNanos = options.timeout() == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(options.timeout());
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** How the run that this thread is in, or waits for, is to end now; null if it goes on. */
    Status stop() {
        if (cancellation.isCancelled() || Thread.currentThread().isInterrupted()) {
            return Status.CANCELLED;
        }
        return remainingNanos() <= 0 ? Status.DEADLINE_PASSED : null;
    }

    long remainingNanos() {
        return limitNanos - (System.nanoTime() - calledNanos);
    }

    /** Time since the call. */
    double seconds() {
        return (System.nanoTime() - calledNanos) * SECONDS_PER_NANO;
    }

    /** The call is over. */
    void noteEnd() {
        ended.countDown();
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }
}
