package dev.paraflux.schedule;

import dev.paraflux.check.Require;
import java.util.Objects;
import java.util.Optional;

/**
 * The project's own grids of a model that was trained with a noise schedule: every step goes to the next time, and a rule
 * for the sigmas gives times between training steps.
 *
 * @param schedule    the training noise, of T steps
 * @param spacing     which training steps a grid visits
 * @param stepsOffset added to the times of {@link Spacing#LEADING}, 0 to T - 1
 * @param sigmas      the rule for the noise ratios in place of spacing and offset: {@link TimeGrid#of(NoiseSchedule,
 *                    int, SigmaSpacing, FinalAlpha)}
 * @param finalAlpha  the noise left in the sample
 */
public record TrainedGrid(NoiseSchedule schedule, Spacing spacing, int stepsOffset, Optional<SigmaRule> sigmas,
        FinalAlpha finalAlpha) implements GridSettings {
    /** Checks the offset. */
    public TrainedGrid {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(spacing, "spacing");
        Objects.requireNonNull(sigmas, "sigmas");
        Objects.requireNonNull(finalAlpha, "finalAlpha");
        Require.between(0, schedule.trainingSteps() - 1, "steps_offset", stepsOffset);
    }

    @Override
    public TimeGrid grid(int steps) {
        return sigmas.isPresent() ? TimeGrid.of(schedule, steps, sigmas.get(), finalAlpha)
                : TimeGrid.of(schedule, steps, spacing, stepsOffset, finalAlpha);
    }
}
