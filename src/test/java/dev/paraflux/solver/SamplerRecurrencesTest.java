package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One-step, ancestral and linear multistep solvers against the steps of diffusers' schedulers, written out one by one. */
class SamplerRecurrencesTest {
    private static final int[] STEPS = {1, 2, 3, 5, 12};

    /** One step of a sampler: from a state at row i, with what is predicted there, and noise. */
    private interface Step {
        double to(RandomCase one, int i, double x, double x0, double epsilon, double z);
    }

    private static double run(RandomCase one, Prediction prediction, Step step) {
        double x = one.start;
        for (int i = 0; i < one.grid.steps(); i++) {
            NoiseLevel at = one.grid.level(i);
            x = step.to(one, i, x, one.x0(prediction, x, at), one.epsilon(prediction, x, at), one.noise[i]);
        }
        return x;
    }

    private static void hold(Solver solver, boolean trained, Step step) {
        for (Prediction prediction : Prediction.values()) {
            for (int steps : STEPS) {
                for (boolean toZero : new boolean[] {false, true}) {
                    for (RandomCase one : trained ? List.of(RandomCase.trained(3, steps, toZero))
                            : List.of(RandomCase.preserving(5, steps, toZero), RandomCase.exploding(6, steps, toZero),
                                    RandomCase.flow(7, steps, toZero))) {
                        near(run(one, prediction, step), one.sample(solver, prediction), solver + ", " + steps);
                    }
                }
            }
        }
    }

    private static void near(double expected, double actual, String where) {
        assertEquals(expected, actual, 1e-10 * Math.max(1, Math.abs(expected)), where);
    }

    private static double bar(NoiseLevel level) {
        return level.alpha() * level.alpha();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0.4, false", "0.4, true", "1, true"})
    void ddimTakesItsNoiseInTheLastStepToo(double eta, boolean noiseInLastStep) {
        hold(new Ddim(eta, noiseInLastStep), true, (one, i, x, x0, epsilon, z) -> {
            double from = bar(one.grid.level(i));
            double to = bar(one.grid.level(i + 1));
            boolean none = i + 1 == one.grid.steps() && !noiseInLastStep;
            double deviation = none ? 0 : eta * Math.sqrt((1 - to) / (1 - from) * (1 - from / to));
            return Math.sqrt(to) * x0 + Math.sqrt(1 - to - deviation * deviation) * epsilon + deviation * z;
        });
    }

    @ParameterizedTest
    @EnumSource
    void ddpmHasItsVariance(DdpmVariance variance) {
        hold(new Ddpm(variance), true, (one, i, x, x0, epsilon, z) -> {
            double from = bar(one.grid.level(i));
            double to = bar(one.grid.level(i + 1));
            double beta = 1 - from / to;
            double mean = Math.sqrt(to) * beta / (1 - from) * x0 + Math.sqrt(1 - beta) * (1 - to) / (1 - from) * x;
            boolean last = i + 1 == one.grid.steps();
            double squared = variance == DdpmVariance.FIXED_LARGE ? beta : last ? 0 : (1 - to) / (1 - from) * beta;
            // Its posterior mean keeps the deviation of the posterior's noise out of eps.
            double kept = last && variance == DdpmVariance.FIXED_SMALL
                    ? Math.sqrt(to) * x0 + Math.sqrt(1 - to) * epsilon : mean;
            return kept + (one.grid.level(i).time() > 0 ? Math.sqrt(squared) * z : 0);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false})
    void eulersAncestralStepIsKDiffusions(boolean trained) {
        hold(new EulerAncestral(), trained, (one, i, x, x0, epsilon, z) -> {
            double from = one.grid.level(i).ratio();
            double to = one.grid.level(i + 1).ratio();
            double up = Math.sqrt(to * to * (from * from - to * to) / (from * from));
            double down = Math.sqrt(to * to - up * up);
            double y = x / one.grid.level(i).alpha();
            return one.grid.level(i + 1).alpha() * (y + epsilon * (down - from) + up * z);
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 0.3})
    void lcmHasItsBoundaryCondition(double scaling) {
        hold(new Lcm(scaling), true, (one, i, x, x0, epsilon, z) -> {
            double scaled = one.grid.level(i).time() * scaling;
            double skip = 0.25 / (scaled * scaled + 0.25);
            double out = scaled / Math.sqrt(scaled * scaled + 0.25);
            double denoised = out * x0 + skip * x;
            NoiseLevel to = one.grid.level(i + 1);
            return i + 1 == one.grid.steps() ? denoised : to.alpha() * denoised + to.sigma() * z;
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.75, 1})
    void tcdGoesBeyondAndBack(double eta) {
        hold(new Tcd(eta), true, (one, i, x, x0, epsilon, z) -> {
            NoiseSchedule schedule = one.schedule();
            boolean last = i + 1 == one.grid.steps();
            int next = last ? 0 : (int) one.grid.level(i + 1).time();
            double to = schedule.alphaBar(next);
            double beyond = schedule.alphaBar((int) Math.floor((1 - eta) * next));
            double there = Math.sqrt(beyond) * x0 + Math.sqrt(1 - beyond) * epsilon;
            return last || eta == 0 ? there : Math.sqrt(to / beyond) * there + Math.sqrt(1 - to / beyond) * z;
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void consistencySamplingNoisesTheSample(boolean trained) {
        hold(new ConsistencySampling(), trained, (one, i, x, x0, epsilon, z) -> {
            NoiseLevel to = one.grid.level(i + 1);
            return to.alpha() * x0 + to.sigma() * z;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void lmsIntegratesLagrangesPolynomials(int order) {
        List<Double> slopes = new ArrayList<>();
        hold(new Lms(order), false, (one, i, x, x0, epsilon, z) -> {
            if (i == 0) {
                slopes.clear();
            }
            slopes.add(0, epsilon);
            double y = x / one.grid.level(i).alpha();
            int known = Math.min(i + 1, order);
            for (int k = 0; k < known; k++) {
                y += slopes.get(k) * lagrangeIntegral(one, i, k, known);
            }
            return one.grid.level(i + 1).alpha() * y;
        });
    }

    /** Gauss' rule with three points, exact for polynomials up to the fifth degree. */
    private static double lagrangeIntegral(RandomCase one, int i, int k, int known) {
        double from = one.grid.level(i).ratio();
        double to = one.grid.level(i + 1).ratio();
        double[][] rule = {{-Math.sqrt(0.6), 5 / 9.0}, {0, 8 / 9.0}, {Math.sqrt(0.6), 5 / 9.0}};
        double sum = 0;
        for (double[] point : rule) {
            double r = (from + to) / 2 + (to - from) / 2 * point[0];
            double product = point[1];
            for (int j = 0; j < known; j++) {
                double node = one.grid.level(i - j).ratio();
                product *= j == k ? 1 : (r - node) / (one.grid.level(i - k).ratio() - node);
            }
            sum += product;
        }
        return sum * (to - from) / 2;
    }

    /** With alpha-bars, times, and the last step of first order only where it goes beyond time 0. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cogVideoXGoesByTheTimesInItsLastStep(boolean beyond) {
        for (Prediction prediction : Prediction.values()) {
            for (int steps : STEPS) {
                RandomCase one = RandomCase.trained(8, steps, false);
                List<NoiseLevel> levels = one.grid.levels();
                int last = beyond ? 1 : 5 + 1000 / (steps + 1);
                List<NoiseLevel> moved = new ArrayList<>();
                levels.subList(0, steps).forEach(level -> moved.add(
                        one.schedule().level(Math.min(999, (int) level.time() - 1 + last))));
                moved.add(levels.get(steps));
                RandomCase given = one.on(new TimeGrid(moved, one.schedule()));
                near(cogVideoX(given, prediction, beyond), given.sample(new CogVideoXDpm(), prediction),
                        prediction + ", " + steps + ", " + beyond);
            }
        }
    }

    private static double cogVideoX(RandomCase one, Prediction prediction, boolean beyond) {
        double x = one.start;
        double old = 0;
        for (int i = 0; i < one.grid.steps(); i++) {
            double from = bar(one.grid.level(i));
            double to = bar(one.grid.level(i + 1));
            double lambda = Math.log(Math.sqrt(from / (1 - from)));
            double h = Math.log(Math.sqrt(to / (1 - to))) - lambda;
            double x0 = one.x0(prediction, x, one.grid.level(i));
            double denoised = x0;
            if (i > 0 && !(beyond && i + 1 == one.grid.steps())) {
                double back = bar(one.grid.level(i - 1));
                double r = (lambda - Math.log(Math.sqrt(back / (1 - back)))) / h;
                denoised = (1 + 1 / (2 * r)) * x0 - 1 / (2 * r) * old;
            }
            old = x0;
            x = Math.sqrt((1 - to) / (1 - from)) * Math.exp(-h) * x - Math.expm1(-2 * h) * Math.sqrt(to) * denoised
                    + Math.sqrt(1 - to) * Math.sqrt(1 - Math.exp(-2 * h)) * one.noise[i];
        }
        return x;
    }

    /** KDPM2 is DpmSolver2; its ancestral form goes down and up again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void kdpm2HasItsStageInTheMiddle(boolean ancestral) {
        for (Prediction prediction : Prediction.values()) {
            for (int steps : STEPS) {
                for (boolean toZero : new boolean[] {false, true}) {
                    RandomCase one = RandomCase.trained(4, steps, toZero);
                    Solver solver = ancestral ? new Kdpm2Ancestral() : new DpmSolver2();
                    near(kdpm2(one, prediction, ancestral), one.sample(solver, prediction), solver + ", " + steps);
                }
            }
        }
    }

    private static double kdpm2(RandomCase one, Prediction prediction, boolean ancestral) {
        double y = one.start / one.grid.level(0).alpha();
        for (int i = 0; i < one.grid.steps(); i++) {
            NoiseLevel at = one.grid.level(i);
            double from = at.ratio();
            double to = one.grid.level(i + 1).ratio();
            double up = ancestral ? Math.sqrt(to * to * (from * from - to * to) / (from * from)) : 0;
            double down = Math.sqrt(to * to - up * up);
            double slope = one.epsilon(prediction, y * at.alpha(), at);
            if (to == 0) {
                return y - from * slope;
            }
            double middle = Math.exp((Math.log(from) + Math.log(down)) / 2);
            NoiseLevel stage = one.grid.path().at(middle);
            double there = one.epsilon(prediction, (y + slope * (middle - from)) * stage.alpha(), stage);
            y += there * (down - from) + up * one.noise[2 * i + 1];
        }
        return y * one.grid.level(one.grid.steps()).alpha();
    }
}
