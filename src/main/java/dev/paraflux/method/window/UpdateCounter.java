package dev.paraflux.method.window;

import dev.paraflux.device.WindowTable.Outcome;
import dev.paraflux.method.UpdateCounts;
import java.util.Arrays;

/** Counts how rows are updated, without allocating. */
final class UpdateCounter {
    private final long[] counts = new long[Outcome.values().length];

    void clear() {
        Arrays.fill(counts, 0);
    }

    void add(Outcome outcome) {
        counts[outcome.ordinal()]++;
    }

    UpdateCounts total() {
        return new UpdateCounts(count(Outcome.PLAIN), count(Outcome.ACCELERATED), count(Outcome.INDEFINITE),
                count(Outcome.NON_FINITE));
    }

    private long count(Outcome outcome) {
        return counts[outcome.ordinal()];
    }
}
