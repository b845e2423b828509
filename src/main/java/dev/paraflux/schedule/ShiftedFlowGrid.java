package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The grids of diffusers' FlowMatchEulerDiscreteScheduler, FlowMatchHeunDiscreteScheduler and FlowMatchLCMScheduler.
 *
 * @param trainingSteps  T, the time of tau = 1
 * @param shift          tau goes to shift tau / (1 + (shift - 1) tau)
 * @param dynamic        the shift by the length of the sequence, in place of the fixed one
 * @param sequenceLength of the sample, in tokens
 * @param pipelineSigmas whether the taus that are shifted are the pipeline's, 1 to 1/N in equal distances; else the
 *                       scheduler's, from 1 to that of the first training step, which is shifted already
 * @param terminal       the least tau is moved to this, and the others with it
 * @param rule           for the taus between the first and the last of these
 * @param leastSigma     in place of the rule's least one
 * @param mostSigma      in place of the rule's greatest one
 * @param custom         taus that are shifted, or their times, in place of all those
 */
record ShiftedFlowGrid(int trainingSteps, double shift, Optional<Dynamic> dynamic, OptionalInt sequenceLength,
        boolean pipelineSigmas, Optional<Double> terminal, Optional<SigmaRule> rule, Optional<Double> leastSigma,
        Optional<Double> mostSigma, Optional<CustomSteps> custom) implements GridSettings {

    /**
     * mu, linear in the length of the sequence.
     *
     * @param base        mu at the base length
     * @param most        mu at the greatest length
     * @param baseLength  in tokens
     * @param mostLength  in tokens
     * @param exponential whether the shift is exp(mu); else mu itself
     */
    record Dynamic(double base, double most, int baseLength, int mostLength, boolean exponential) {
        /**
         * As a class's keys say; empty where they ask for none.
         *
         * @throws IllegalValueException if both lengths are the same
         */
        static Optional<Dynamic> of(SchedulerSettings settings) {
            if (!settings.flag("use_dynamic_shifting")) {
                return Optional.empty();
            }
            int base = settings.integer("base_image_seq_len");
            int most = settings.integer("max_image_seq_len");
            if (most == base) {
                throw settings.wrong("max_image_seq_len", "another length than base_image_seq_len");
            }
            return Optional.of(new Dynamic(settings.number("base_shift"), settings.number("max_shift"), base, most,
                    settings.word("time_shift_type").equals("exponential")));
        }

        double shift(OptionalInt sequenceLength) {
            int length = sequenceLength.orElseThrow(() -> IllegalValueException
                    .missing("sequence length", "given, since use_dynamic_shifting shifts the times by it"));
            double slope = (most - base) / (mostLength - baseLength);
            double mu = length * slope + (base - slope * baseLength);
            if (!exponential) {
                Require.positive("shift of a sequence of " + length + " tokens", mu);
            }
            return exponential ? Math.exp(mu) : mu;
        }
    }

    @Override
    public TimeGrid grid(int steps) {
        StepMemory.require(steps);
        double factor = dynamic.map(by -> by.shift(sequenceLength)).orElse(shift);
        double[] taus = custom.map(given -> given.of(steps, false)).orElseGet(() -> even(steps));
        boolean times = custom.isPresent() && custom.get().kind() == CustomSteps.Kind.TIMESTEPS;
        for (int i = 0; i < steps; i++) {
            taus[i] = shifted(times ? taus[i] / trainingSteps : taus[i], factor);
        }
        if (terminal.isPresent()) {
            stretch(taus, terminal.get());
        }
        if (rule.isPresent()) {
            taus = rule.get().between(steps, mostSigma.orElse(taus[0]), leastSigma.orElse(taus[steps - 1]));
        }
        List<NoiseLevel> levels = new ArrayList<>();
        for (double tau : taus) {
            levels.add(new NoiseLevel(trainingSteps * tau, 1 - tau, tau));
        }
        levels.add(new NoiseLevel(0, 1, 0));
        return new TimeGrid(levels, new FlowPath(trainingSteps)).withStartScale(1);
    }

    private double[] even(int steps) {
        double least = dynamic.isPresent() ? 1.0 / trainingSteps : shifted(1.0 / trainingSteps, shift);
        double[] taus = new double[steps];
        for (int i = 0; i < steps; i++) {
            taus[i] = pipelineSigmas ? (double) (steps - i) / steps
                    : i == 0 ? 1 : 1 + i * (least - 1) / (steps - 1);
        }
        return taus;
    }

    private static double shifted(double tau, double factor) {
        return factor * tau / (1 + (factor - 1) * tau);
    }

    /** Stretches 1 - tau so that the last tau is the terminal one. */
    static void stretch(double[] taus, double terminal) {
        double factor = (1 - taus[taus.length - 1]) / (1 - terminal);
        if (!(factor > 0)) {
            throw new IllegalValueException("steps", taus.length, "2 or more with shift_terminal");
        }
        for (int i = 0; i < taus.length; i++) {
            taus[i] = 1 - (1 - taus[i]) / factor;
        }
    }
}
