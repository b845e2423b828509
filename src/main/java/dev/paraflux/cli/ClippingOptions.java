package dev.paraflux.cli;

import dev.paraflux.schedule.X0Limit;
import picocli.CommandLine.Option;

/** The options that say in which range the predicted sample is kept, where that is not the scheduler's. */
final class ClippingOptions {
    @Option(names = "--clip", paramLabel = "LIMIT",
            description = "Clip the predicted samples at this magnitude, above 0; 1 for pictures."
                    + " Default: as the scheduler says.")
    private Double clip;

    @Option(names = "--threshold", paramLabel = "PERCENTILE",
            description = "Clip them at this share of their own magnitudes, 0 to 1, and divide by it where it exceeds"
                    + " 1; 0.995 is usual.")
    private Double threshold;

    /** Checks what was given. */
    void check() {
        if (clip != null && threshold != null) {
            throw new IllegalArgumentException("--clip " + clip + " and --threshold " + threshold
                    + ": give one of them");
        }
        limit(X0Limit.NONE);
    }

    /** The range for a scheduler that asks for this one. */
    X0Limit limit(X0Limit byDefault) {
        if (clip != null) {
            return X0Limit.at(clip);
        }
        return threshold == null ? byDefault : X0Limit.dynamic(threshold, Float.MAX_VALUE);
    }
}
