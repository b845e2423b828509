package dev.paraflux;

import dev.paraflux.method.Trajectory;
import java.util.Objects;

/** One sample and how it came about: always a status and statistics, and values where the status has some. */
public final class Sample {
    private final float[] values;
    private final Status status;
    private final String message;
    private final Stats stats;
    private final Trajectory trajectory;

    Sample(float[] values, Status status, String message, Stats stats, Trajectory trajectory) {
        this.values = values;
        this.status = Objects.requireNonNull(status);
        this.message = message;
        this.stats = Objects.requireNonNull(stats);
        this.trajectory = trajectory;
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

    /**
     * All rows of the sample, to start another run from.
     *
     * @throws IllegalStateException if they were not kept
     */
    public Trajectory trajectory() {
        if (trajectory == null) {
            throw new IllegalStateException("no trajectory: ask for it with RunOptions.withTrajectories(), of a method"
                    + " whose window covers all rows");
        }
        return trajectory;
    }

    @Override
    public String toString() {
        return "Sample[" + status + ", " + stats + "]";
    }
}
