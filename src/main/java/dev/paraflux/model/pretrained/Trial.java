package dev.paraflux.model.pretrained;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Finds out how many threads a call is quickest with, in the time of some calls. Where fewer than all are, that can be the
 * doing of other programs, or of the virtual machine that still compiles. So it is asked again: soon at first, then seldom.
 */
final class Trial {
    private static final int CALLS = 7;
    /** A call that takes longer gains more by other threads than handing over costs. */
    private static final long LONG_NANOS = 200_000_000;
    private static final long SOON_NANOS = 250_000_000;
    private static final long SELDOM_NANOS = 10_000_000_000L;
    /** Of all time, one part in so many may be spent on trials: at first, and in the end. */
    private static final int SOON_SHARE = 10;
    private static final int SELDOM_SHARE = 100;

    private final int most;
    private final LongSupplier clock;
    private int best;
    private long again;
    /** Nanoseconds from the last trial to the next. */
    private long rest;

    /** A call by so many threads. */
    @FunctionalInterface
    interface Call {
        void by(int threads);
    }

    Trial(int most) {
        this(most, System::nanoTime);
    }

    /** @param clock nanoseconds */
    Trial(int most, LongSupplier clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Whether {@link #run} is due. */
    boolean isDue() {
        return best == 0 || best < most && clock.getAsLong() - again > 0;
    }

    /** What was found. */
    int best() {
        return best;
    }

    /** One thread, half of the most, or all of them. They take turns, so that what else the machine does meets each. */
    void run(Call call) {
        long since = clock.getAsLong();
        // A thread's first call makes what libtorch keeps for it.
        call.by(most);
        best = most;
        if (clock.getAsLong() - since < LONG_NANOS) {
            best = quickest(most < 4 ? new int[] {1, most} : new int[] {1, most / 2, most}, call);
        }
        long now = clock.getAsLong();
        long cost = now - since;
        rest = Math.min(Math.max(SELDOM_NANOS, SELDOM_SHARE * cost),
                Math.max(2 * rest, Math.max(SOON_NANOS, SOON_SHARE * cost)));
        again = now + rest;
    }

    /** By the least time of each: other programs can only add to it. */
    private int quickest(int[] threads, Call call) {
        long[] least = new long[threads.length];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int repeat = 0; repeat < CALLS; repeat++) {
            for (int k = 0; k < threads.length; k++) {
                long before = clock.getAsLong();
                call.by(threads[k]);
                least[k] = Math.min(least[k], clock.getAsLong() - before);
            }
        }
        int best = 0;
        for (int k = 1; k < threads.length; k++) {
            best = least[k] < least[best] ? k : best;
        }
        return threads[best];
    }
}
