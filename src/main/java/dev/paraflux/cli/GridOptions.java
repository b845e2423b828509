package dev.paraflux.cli;

import dev.paraflux.iia.FittedScheduler;
import dev.paraflux.json.JsonValue;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import java.util.Optional;
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

    /** Where a grid with these options comes from. */
    FittedScheduler fitted(JsonValue settings) {
        return new FittedScheduler(settings, Optional.ofNullable(spacing), Optional.ofNullable(sigmas));
    }

    /** The option that was given, if one was. */
    Optional<String> name() {
        return spacing == null ? Optional.ofNullable(sigmas).map(given -> "--sigmas") : Optional.of("--spacing");
    }

    /** What was given under that name. */
    Object value() {
        return spacing == null ? sigmas : spacing;
    }

    /** A scheduler with these options. */
    SchedulerConfig apply(SchedulerConfig config, ProblemDefaults defaults) {
        if (sigmas != null) {
            return config.withSigmas(sigmas);
        }
        return spacing == null ? defaults.spaced(config) : config.withSpacing(spacing);
    }
}
