package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The grids of diffusers' classes that count in sigmas and begin with sigma times noise: Euler, Heun, LMS, KDPM2 and
 * their like. Times lie between training steps; the sample is at alpha 1.
 *
 * @param schedule   the training noise, its last ratio finite
 * @param spacing    which times a grid visits
 * @param offset     added to the times of {@link Spacing#LEADING}
 * @param logLinear  whether the sigmas are those of all training steps in equal distances of their logarithm, whatever
 *                   the times are
 * @param rule       for the sigmas between the first and the last of these, and their times
 * @param roundTimes whether the times of a rule are rounded
 * @param leastSigma in place of the rule's least one
 * @param mostSigma  in place of the rule's greatest one
 * @param keepsNoise whether the sample keeps the noise of the first training step
 * @param logTimes   whether the model is told log(sigma) / 4
 * @param custom     times or sigmas in place of all this, but for the start noise, which goes by the spacing
 */
record SigmaGrid(NoiseSchedule schedule, Spacing spacing, int offset, boolean logLinear, Optional<SigmaRule> rule,
        boolean roundTimes, Optional<Double> leastSigma, Optional<Double> mostSigma, boolean keepsNoise,
        boolean logTimes, Optional<CustomSteps> custom)
        implements
            GridSettings {
    @Override
    public TimeGrid grid(int steps) {
        TrainedSigmas trained = new TrainedSigmas(schedule);
        if (custom.isPresent() && custom.get().kind() == CustomSteps.Kind.SIGMAS) {
            double[] sigmas = custom.get().of(steps, true);
            double[] times = Arrays.stream(sigmas, 0, steps).map(trained::time).toArray();
            return grid(trained, times, sigmas, sigmas[steps], false);
        }
        double[] times = custom.map(given -> given.of(steps, false))
                .orElseGet(() -> spacing.sigmaTimes(schedule.trainingSteps(), steps, offset));
        double[] sigmas = new double[logLinear ? steps + 1 : steps];
        for (int i = 0; i < sigmas.length; i++) {
            sigmas[i] = logLinear
                    ? SigmaRule.EXPONENTIAL.sigma((double) i / steps, trained.smallest(), trained.largest())
                    : trained.at(times[i]);
        }
        boolean spaced = rule.isEmpty() && !logLinear;
        if (rule.isPresent()) {
            sigmas = rule.get().between(steps, mostSigma.orElse(sigmas[0]),
                    leastSigma.orElse(sigmas[sigmas.length - 1]));
            for (int i = 0; i < steps; i++) {
                double time = trained.time(sigmas[i]);
                times[i] = roundTimes ? Math.rint(time) : time;
            }
        }
        double last = sigmas.length > steps ? sigmas[steps] : keepsNoise ? trained.smallest() : 0;
        return grid(trained, times, sigmas, last, spaced);
    }

    private TimeGrid grid(TrainedSigmas trained, double[] times, double[] sigmas, double last, boolean spaced) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            double time = logTimes ? Math.log(sigmas[i]) / 4 : times[i];
            levels.add(spaced && !logTimes ? trained.level(time) : TrainedSigmas.level(time, sigmas[i]));
        }
        levels.add(new NoiseLevel(0, 1, last));
        return new TimeGrid(levels, schedule).withStartScale(startScale(sigmas[0]));
    }

    /** diffusers' init_noise_sigma, over the factor between its states and those of preserved variance. */
    private double startScale(double first) {
        return spacing == Spacing.LEADING ? 1 : first / Math.hypot(1, first);
    }
}
