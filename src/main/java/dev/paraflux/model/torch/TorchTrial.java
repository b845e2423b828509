package dev.paraflux.model.torch;

import java.util.Arrays;

/** Finds out how many threads a call is quickest with, in the time of some calls. */
final class TorchTrial {
    private static final int CALLS = 5;
    /** So much quicker must more threads be. */
    private static final double GAIN = 0.95;
    private static final long MOST_NANOS = 1_000_000_000L;

    /** A call by so many threads. */
    @FunctionalInterface
    interface Call {
        void by(int threads);
    }

    private TorchTrial() {}

    /** One thread, half of the most, or all of them. They take turns, so that what else the machine does meets each. */
    static int best(int most, Call call) {
        int[] threads = most < 4 ? new int[] {1, most} : new int[] {1, most / 2, most};
        long[][] nanos = new long[threads.length][CALLS];
        // A thread's first call makes what libtorch keeps for it.
        call.by(most);
        long since = System.nanoTime();
        int calls = 0;
        while (calls < CALLS && System.nanoTime() - since < MOST_NANOS) {
            for (int k = 0; k < threads.length; k++) {
                long before = System.nanoTime();
                call.by(threads[k]);
                nanos[k][calls] = System.nanoTime() - before;
            }
            calls++;
        }
        int best = 0;
        for (int k = 1; k < threads.length; k++) {
            if (median(nanos[k], calls) < GAIN * median(nanos[best], calls)) {
                best = k;
            }
        }
        return threads[best];
    }

    private static long median(long[] nanos, int count) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[count / 2];
    }
}
