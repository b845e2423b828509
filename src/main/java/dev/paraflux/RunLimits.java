package dev.paraflux;

import java.util.concurrent.TimeUnit;

/** When a call is to stop: by its switch or its time limit. Time counts from the call. */
final class RunLimits {
    private static final double SECONDS_PER_NANO = 1e-9;

    private Cancellation cancellation;
    private long limitNanos;
    private long calledNanos;

    /** Begins a call. */
    void begin(RunOptions options) {
        calledNanos = System.nanoTime();
        cancellation = options.cancellation();
        // A limit of centuries becomes the longest that there is.
        limitNanos = options.timeout() == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(options.timeout());
    }

    Cancellation cancellation() {
        return cancellation;
    }

    boolean isReached() {
        return cancellation.isCancelled() || remainingNanos() <= 0;
    }

    /** Nanoseconds until the time is over; {@link Long#MAX_VALUE} for never. */
    long remainingNanos() {
        return limitNanos == Long.MAX_VALUE ? limitNanos : limitNanos - (System.nanoTime() - calledNanos);
    }

    /** Time since the call. */
    double seconds() {
        return secondsTo(System.nanoTime());
    }

    /** Time from the call to then. */
    double secondsTo(long nanoTime) {
        return (nanoTime - calledNanos) * SECONDS_PER_NANO;
    }
}
