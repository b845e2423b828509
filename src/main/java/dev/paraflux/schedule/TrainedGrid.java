package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The grids of a model that was trained with a noise schedule.
 *
 * @param schedule    the training noise, of T steps
 * @param spacing     which training steps a grid visits
 * @param stepsOffset added to the times of {@link Spacing#LEADING}, 0 to T - 1
 * @param oneTimeMore whether N steps visit all but the least noisy one of the N + 1 times that LEADING or LINSPACE
 *                    give, as diffusers' DPM-Solver, UniPC and DEIS do; N is T - 1 at most then
 * @param sigmas      the rule for the noise ratios in place of spacing and offset: {@link TimeGrid#of(NoiseSchedule,
 *                    int, SigmaSpacing, FinalAlpha)}
 * @param finalAlpha  the noise left in the sample
 */
public record TrainedGrid(NoiseSchedule schedule, Spacing spacing, int stepsOffset, boolean oneTimeMore,
        Optional<SigmaRule> sigmas, FinalAlpha finalAlpha) implements GridSettings {
    /** Checks the offset. */
    public TrainedGrid {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(spacing, "spacing");
        Objects.requireNonNull(sigmas, "sigmas");
        Objects.requireNonNull(finalAlpha, "finalAlpha");
        if (stepsOffset < 0 || stepsOffset >= schedule.trainingSteps()) {
            throw new IllegalArgumentException(
                    "stepsOffset = " + stepsOffset + ", legal: 0 to " + (schedule.trainingSteps() - 1));
        }
    }

    @Override
    public TimeGrid grid(int steps) {
        if (sigmas.isPresent()) {
            return TimeGrid.of(schedule, steps, sigmas.get(), finalAlpha);
        }
        if (!oneTimeMore || spacing == Spacing.TRAILING) {
            return TimeGrid.of(schedule, steps, spacing, stepsOffset, finalAlpha);
        }
        if (steps < 1 || steps >= schedule.trainingSteps()) {
            throw new IllegalArgumentException("steps = " + steps + ", legal: 1 to " + (schedule.trainingSteps() - 1)
                    + " (below the training steps)");
        }
        List<NoiseLevel> levels = new ArrayList<>(
                TimeGrid.of(schedule, steps + 1, spacing, stepsOffset, finalAlpha).levels());
        levels.remove(steps);
        return new TimeGrid(levels, schedule);
    }

    @Override
    public TrainedGrid withSpacing(Spacing other) {
        return new TrainedGrid(schedule, other, stepsOffset, oneTimeMore, Optional.empty(), finalAlpha);
    }

    @Override
    public TrainedGrid withSigmas(SigmaRule rule) {
        return new TrainedGrid(schedule, spacing, stepsOffset, oneTimeMore, Optional.of(rule), finalAlpha);
    }
}
