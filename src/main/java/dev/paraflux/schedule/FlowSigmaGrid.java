package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The grids that diffusers' DPM-Solver, UniPC and DEIS make with {@code use_flow_sigmas}: taus of flow matching, at whole
 * times.
 *
 * @param trainingSteps T, the time of tau = 1
 * @param shift         tau goes to shift tau / (1 + (shift - 1) tau)
 * @param dynamic       the shift by the length of the sequence, in place of the fixed one
 * @param length        of the sequence, in tokens
 * @param fromOne       whether the taus begin at 1 (UniPC), else one training step below
 * @param karras        sigmas of a variance-exploding model in Karras' spacing, in place of all this, as taus
 * @param terminal      the least tau is moved to this, and the others with it
 * @param last          of the sample; FIRST is lastSigma
 * @param lastSigma     tau of the sample where it is that of the first training step
 * @param custom        taus that are shifted, in place of those in equal distances
 */
record FlowSigmaGrid(int trainingSteps, double shift, Optional<ShiftedFlowGrid.Dynamic> dynamic,
        OptionalInt length, boolean fromOne, Optional<double[]> karras,
        Optional<Double> terminal, LambdaGrid.Last last, double lastSigma, Optional<CustomSteps> custom)
        implements
            GridSettings {
    /** How much UniPC moves a tau of 1 from where alpha would be 0. */
    private static final double OFF_ONE = 1e-6;

    @Override
    public TimeGrid grid(int steps) {
        StepMemory.require(steps);
        double factor = dynamic.map(by -> by.shift(length)).orElse(shift);
        double[] taus = custom.map(given -> given.of(steps, false)).orElseGet(() -> even(steps));
        for (int i = 0; i < steps; i++) {
            taus[i] = fromOne && dynamic.isPresent() ? factor / (factor + (1 / taus[i] - 1))
                    : factor * taus[i] / (1 + (factor - 1) * taus[i]);
        }
        if (karras.isPresent()) {
            double[] sigmas = SigmaRule.KARRAS.between(steps, karras.get()[0], karras.get()[1]);
            for (int i = 0; i < steps; i++) {
                taus[i] = sigmas[i] / (1 + sigmas[i]);
            }
        } else if (terminal.isPresent()) {
            ShiftedFlowGrid.stretch(taus, terminal.get());
        }
        if (fromOne && Math.abs(taus[0] - 1) < OFF_ONE) {
            taus[0] -= OFF_ONE;
        }
        List<NoiseLevel> levels = new ArrayList<>();
        for (double tau : taus) {
            levels.add(level(Math.floor(tau * trainingSteps), tau));
        }
        double end = switch (last) {
            case ZERO -> 0;
            case FIRST -> lastSigma;
            case REPEATED -> taus[steps - 1];
        };
        if (end > taus[steps - 1]) {
            throw new IllegalValueException("final_sigmas_type", "sigma_min", "zero for " + steps
                    + " steps, the last of which has less noise than the first training step");
        }
        levels.add(level(0, end));
        return new TimeGrid(levels, new FlowPath(trainingSteps)).withStartScale(1);
    }

    private double[] even(int steps) {
        double[] taus = new double[steps];
        // In the order of numpy's operations: the times are cut off, and whole ones must not fall below themselves.
        double distance = (1.0 / trainingSteps - 1) / steps;
        for (int i = 0; i < steps; i++) {
            int at = fromOne ? i : steps - i;
            double given = at == steps ? 1.0 / trainingSteps : at * distance + 1;
            taus[i] = fromOne ? given : 1 - given;
        }
        return taus;
    }

    /** diffusers has taus as floats: near 1 the digits of alpha are theirs. */
    private static NoiseLevel level(double time, double tau) {
        float sigma = (float) tau;
        return new NoiseLevel(time, 1 - sigma, sigma);
    }
}
