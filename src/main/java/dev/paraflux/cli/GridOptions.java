package dev.paraflux.cli;

import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import picocli.CommandLine.Option;

/** The options that say where the steps lie, where it is not to be as the scheduler says. */
final class GridOptions {
    @Option(names = "--spacing", paramLabel = "SPACING",
            description = "How time steps are spaced: ${COMPLETION-CANDIDATES}. Default: as the scheduler says.")
    private Spacing spacing;

    @Option(names = "--sigmas", paramLabel = "RULE",
            description = "Space the noise ratios sigma / alpha instead of time steps: ${COMPLETION-CANDIDATES}.")
    private SigmaRule sigmas;

    /** Checks what can be checked without a scheduler. */
    void check() {
        if (spacing != null && sigmas != null) {
            throw new IllegalArgumentException("--spacing " + spacing + " and --sigmas " + sigmas
                    + ": give one of them");
        }
    }

    /** A scheduler with these options. */
    SchedulerConfig apply(SchedulerConfig config, int steps, ProblemDefaults defaults) {
        if (sigmas != null) {
            return config.withSigmas(sigmas);
        }
        return spacing == null ? defaults.spaced(config, steps) : config.withSpacing(spacing);
    }
}
