package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The grids of diffusers' DPM-Solver, UniPC and DEIS: whole times, all but the least noisy one of N + 1.
 *
 * @param schedule   the training noise, its last ratio finite
 * @param floats     the ratios of the schedule rounded as diffusers rounds them, or null
 * @param spacing    which times a grid visits
 * @param offset     added to the times of {@link Spacing#LEADING}
 * @param rule       for the sigmas between those of the last and the first training step
 * @param times      what becomes of the times of a rule
 * @param leastSigma in place of the rule's least one
 * @param mostSigma  in place of the rule's greatest one
 * @param last       the noise left in the sample
 * @param leastLambda lambda = log(alpha / sigma) of the noisiest training step that is visited
 * @param custom      times in place of those of the spacing
 */
record LambdaGrid(NoiseSchedule schedule, double[] floats, Spacing spacing, int offset, Optional<SigmaRule> rule,
        Times times,
        Optional<Double> leastSigma, Optional<Double> mostSigma, Last last,
        double leastLambda, Optional<CustomSteps> custom) implements GridSettings {

    /** How times between training steps become whole ones. */
    enum Times {
        ROUNDED, CUT_OFF
    }

    /** The noise that is left in the sample. */
    enum Last {
        /** None. */
        ZERO,
        /** That of the first training step. */
        FIRST,
        /** That of the last row that is evaluated, where there is a rule; else that of the first training step. */
        REPEATED
    }

    @Override
    public TimeGrid grid(int steps) {
        TrainedSigmas trained = new TrainedSigmas(schedule, floats);
        List<NoiseLevel> levels = new ArrayList<>();
        if (rule.isPresent()) {
            for (double sigma : rule.get().between(steps, mostSigma.orElse(trained.largest()),
                    leastSigma.orElse(trained.smallest()))) {
                double time = trained.time(sigma);
                levels.add(TrainedSigmas.level(times == Times.ROUNDED ? Math.rint(time) : Math.floor(time), sigma));
            }
        } else {
            for (double time : custom.map(given -> given.of(steps, false)).orElseGet(
                    () -> spacing.timesButLast(schedule.trainingSteps(), visited(), steps, offset))) {
                levels.add(trained.level(time));
            }
        }
        levels.add(lastLevel(levels.get(levels.size() - 1), trained));
        return new TimeGrid(levels, schedule);
    }

    private NoiseLevel lastLevel(NoiseLevel evaluated, TrainedSigmas trained) {
        if (last == Last.ZERO) {
            return NoiseLevel.ofAlphaBar(0, 1);
        }
        if (last == Last.REPEATED && rule.isPresent()) {
            return evaluated;
        }
        NoiseLevel first = trained.level(0.0);
        if (first.sigma() / first.alpha() > evaluated.sigma() / evaluated.alpha() * (1 + 1e-6)) {
            throw new IllegalValueException("sigma_min", evaluated.sigma() / evaluated.alpha(),
                    "that of the first training step or more, " + first.sigma() / first.alpha()
                            + ", with final_sigmas_type sigma_min");
        }
        // A rule ends at this very level, but for the roundings of its powers.
        return rule.isPresent() && leastSigma.isEmpty() ? evaluated : first;
    }

    /** How many of the training steps have as little noise as is wanted. */
    private int visited() {
        int visited = schedule.trainingSteps();
        while (visited > 0 && schedule.level(visited - 1).lambda() < leastLambda) {
            visited--;
        }
        if (visited == 0) {
            throw new IllegalValueException("lambda_min_clipped", leastLambda,
                    "at most " + schedule.level(0).lambda() + ", that of the first training step");
        }
        return visited;
    }
}
