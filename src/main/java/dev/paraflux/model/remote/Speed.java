package dev.paraflux.model.remote;

import java.util.Arrays;

/**
 * How fast a worker is, as it is measured: what one more chunk would take there tells who gets it. Not thread-safe.
 *
 * <p>A chunk that was lost there, since it failed or another was sooner, counts as at least twice the time that was thought.
 * What was measured long ago counts less and less, so that a worker which was slow is tried again.
 */
final class Speed {
    /** Of the newest measurement. */
    private static final double WEIGHT = 0.4;
    private static final double HALF_LIFE_NANOS = 3e9;
    private static final double MOST_NANOS = 60e9;
    /** Of the last ones the middle one is usual, the least where they are few: a cold start is not, nor a pause. */
    private static final int LAST = 9;

    private final double[] last = new double[LAST];
    private int count;
    private double nanosARow;
    private boolean known;
    private boolean trusted;
    private long idleSince;
    private int rowsUnderWay;

    /** Rows that have been sent there, and not come back. */
    int rowsUnderWay() {
        return rowsUnderWay;
    }

    void begin(int rows) {
        rowsUnderWay += rows;
    }

    /** Some are not there any more. */
    void leave(int rows) {
        rowsUnderWay -= rows;
    }

    /**
     * Some have come back, as they must be.
     *
     * @param begun when they were sent
     * @param ended when they were back
     */
    void end(int rows, long begun, long ended) {
        // It works on one after the other.
        double measured = Math.max(1, ended - (trusted ? Math.max(begun, idleSince) : begun)) / (double) rows;
        nanosARow = trusted ? (1 - WEIGHT) * nanosARow + WEIGHT * measured : measured;
        last[count++ % LAST] = measured;
        known = true;
        trusted = true;
        idleSince = ended;
    }

    /** Some are lost. */
    void lose(int rows, long begun, long ended) {
        nanosARow = Math.min(MOST_NANOS, Math.max(2 * nanosARow, (ended - begun) / (double) rows));
        known = true;
        trusted = false;
        count = 0;
        idleSince = ended;
    }

    /** Nanoseconds of a row; 0 where nothing is known, or it was long ago. */
    double nanosARow(long now) {
        return !known ? 0
                : rowsUnderWay > 0 ? nanosARow : nanosARow * Math.pow(0.5, (now - idleSince) / HALF_LIFE_NANOS);
    }

    /** Nanoseconds that a row takes as a rule; 0 if nothing was measured, or it is not to be relied on. */
    double usual() {
        if (!trusted) {
            return 0;
        }
        double[] sorted = Arrays.copyOf(last, Math.min(count, LAST));
        Arrays.sort(sorted);
        return sorted[sorted.length > LAST / 2 ? sorted.length / 2 : 0];
    }
}
