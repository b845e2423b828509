package dev.paraflux;

import java.util.Objects;

/** One sample and how it came about: always a status and statistics, and values where the status has some. */
public final class Sample {
    private final float[] values;
    private final Status status;
    private final String message;
    private final Stats stats;

    Sample(float[] values, Status status, String message, Stats stats) {
        this.values = values;
        this.status = Objects.requireNonNull(status);
        this.message = message;
        this.stats = Objects.requireNonNull(stats);
    }

    /**
     * The values, in C order of the model's shape; the caller's to keep and change.
     *
     * @throws IllegalStateException if the status has no values, with {@link #message()}
     */
    public float[] values() {
        if (!status.hasValues()) {
            throw new IllegalStateException("no sample: " + message);
        }
        return values;
    }

    /** How it ended. */
    public Status status() {
        return status;
    }

    /** How it ended, in a sentence; where it went wrong, if it did. */
    public String message() {
        return message;
    }

    /** What it cost. */
    public Stats stats() {
        return stats;
    }

    @Override
    public String toString() {
        return "Sample[" + status + ", " + stats + "]";
    }
}
