package dev.paraflux.model.pretrained;

import java.util.Arrays;

/**
 * Finds out how many threads a call is quickest with, in the time of some calls. Where fewer than all are, that can be the
 * doing of other programs, so that it is asked again after a while.
 */
final class Trial {
    private static final int CALLS = 7;
    /** A call that takes longer gains more by other threads than handing over costs. */
    private static final long LONG_NANOS = 200_000_000;
    private static final long AGAIN_NANOS = 10_000_000_000L;
    /** Of all time, one part in so many may be spent on trials. */
    private static final int SHARE = 100;

    private final int most;
    private int best;
    private long again;

    /** A call by so many threads. */
    @FunctionalInterface
    interface Call {
        void by(int threads);
    }

    Trial(int most) {
        this.most = most;
    }

    /** Whether {@link #run} is due. */
    boolean isDue() {
        return best == 0 || best < most && System.nanoTime() - again > 0;
    }

    /** What was found. */
    int best() {
        return best;
    }

    /** One thread, half of the most, or all of them. They take turns, so that what else the machine does meets each. */
    void run(Call call) {
        long since = System.nanoTime();
        // A thread's first call makes what libtorch keeps for it.
        call.by(most);
        best = most;
        if (System.nanoTime() - since < LONG_NANOS) {
            best = quickest(most < 4 ? new int[] {1, most} : new int[] {1, most / 2, most}, call);
        }
        long now = System.nanoTime();
        again = now + Math.max(AGAIN_NANOS, SHARE * (now - since));
    }

    /** By the least time of each: other programs can only add to it. */
    private static int quickest(int[] threads, Call call) {
        long[] least = new long[threads.length];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int repeat = 0; repeat < CALLS; repeat++) {
            for (int k = 0; k < threads.length; k++) {
                long before = System.nanoTime();
                call.by(threads[k]);
                least[k] = Math.min(least[k], System.nanoTime() - before);
            }
        }
        int best = 0;
        for (int k = 1; k < threads.length; k++) {
            best = least[k] < least[best] ? k : best;
        }
        return threads[best];
    }
}
