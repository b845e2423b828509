package dev.paraflux.benchmarks.load;

import dev.paraflux.Request;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What one client asks for once: which sample, in which of the sampler's ways, and how long it is patient.
 *
 * @param timeout     null for none
 * @param cancelNanos when it gives up, after its call; -1 for never
 */
record Asked(Request request, Way way, Duration timeout, long cancelNanos) {
    private static final int[] STEPS = {4, 8, 16, 25};
    private static final int LABELS = 10;
    private static final int MOST_MILLIS = 250;

    /** How the sampler is called. */
    enum Way {
        CALL, FUTURE, MEMORY
    }

    /** The same for one number whenever it is asked for. Of ten requests two have a time limit, and one is cancelled. */
    static Asked number(int number) {
        SplittableRandom random = new SplittableRandom(number);
        Request request = Request.seed(number).withLabel(random.nextInt(LABELS))
                .withGrid(Methods.grid(STEPS[random.nextInt(STEPS.length)]))
                .withMethod(Methods.mixed(random.nextInt(8)));
        int fate = random.nextInt(10);
        boolean future = random.nextBoolean();
        if (fate < 2) {
            return new Asked(request, future ? Way.FUTURE : Way.CALL,
                    Duration.ofMillis(1 + random.nextInt(MOST_MILLIS)), -1);
        }
        if (fate == 2) {
            return new Asked(request, future ? Way.FUTURE : Way.CALL, null,
                    random.nextLong(MOST_MILLIS * 1_000_000L));
        }
        return new Asked(request, Way.values()[random.nextInt(Way.values().length)], null, -1);
    }
}
