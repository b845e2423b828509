package dev.paraflux.iia;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonValue;
import dev.paraflux.schedule.CustomSteps;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the grid of a fit came from, so that it can be made again.
 *
 * @param settings the content of a {@code scheduler_config.json}, as it was read
 * @param spacing  of time steps, instead of what the settings say
 * @param sigmas   the rule for the noise ratios, instead of what the settings say; not together with a spacing
 * @param steps    times or sigmas of one's own
 */
public record FittedScheduler(JsonValue settings, Optional<Spacing> spacing, Optional<SigmaRule> sigmas,
        Optional<CustomSteps> steps) {
    /**
     * Checks that the settings make a scheduler.
     *
     * @throws IllegalArgumentException naming what is not legal in them
     */
    public FittedScheduler {
        Objects.requireNonNull(settings, "settings");
        if (spacing.isPresent() && sigmas.isPresent()) {
            throw new IllegalValueException("sigmas", sigmas.get(), "left out where there is a spacing");
        }
        config(settings, spacing, sigmas, steps);
    }

    /** As the settings say. */
    public FittedScheduler(JsonValue settings) {
        this(settings, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The scheduler. */
    public SchedulerConfig config() {
        return config(settings, spacing, sigmas, steps);
    }

    private static SchedulerConfig config(JsonValue settings, Optional<Spacing> spacing, Optional<SigmaRule> sigmas,
            Optional<CustomSteps> steps) {
        return respaced(SchedulerConfig.parse(settings), spacing, sigmas, steps);
    }

    private static SchedulerConfig respaced(SchedulerConfig config, Optional<Spacing> spacing,
            Optional<SigmaRule> sigmas, Optional<CustomSteps> steps) {
        SchedulerConfig spaced = spacing.map(config::withSpacing).or(() -> sigmas.map(config::withSigmas))
                .orElse(config);
        return steps.map(spaced::withSteps).orElse(spaced);
    }

    /** Another scheduler, with the steps spaced as this one's. */
    public SchedulerConfig respaced(SchedulerConfig config) {
        return respaced(config, spacing, sigmas, steps);
    }
}
