package dev.paraflux.cli.option;

import dev.paraflux.schedule.X0Limit;
import java.util.Optional;
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
        Typed.requireAlone("--threshold", threshold, "--clip", clip);
        limit();
    }

    /** The range that was given, if one was. */
    Optional<X0Limit> limit() {
        X0Limit clipped = Typed.with(X0Limit.NONE, "--clip", clip, (none, limit) -> X0Limit.at(limit));
        X0Limit limit = Typed.with(clipped, "--threshold", threshold,
                (none, percentile) -> X0Limit.dynamic(percentile, Float.MAX_VALUE));
        return Optional.of(limit).filter(given -> !given.equals(X0Limit.NONE));
    }
}
