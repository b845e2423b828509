package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link SaSolver} against the loop of diffusers' SASolverScheduler, its integrals by Simpson's rule. */
class SaSolverTest {
    private static final int[] STEPS = {1, 2, 3, 4, 6, 13};

    @ParameterizedTest
    @EnumSource
    void isDiffusers(Prediction prediction) {
        for (int steps : STEPS) {
            for (int predictor = 1; predictor <= 3; predictor++) {
                for (int corrector = 1; corrector <= 4; corrector++) {
                    for (int flags = 0; flags < 4; flags++) {
                        SaSolver solver = new SaSolver(predictor, corrector, (flags & 1) > 0, (flags & 2) > 0);
                        for (RandomCase one : List.of(RandomCase.preserving(flags, steps, false),
                                RandomCase.flow(flags, steps, false))) {
                            double expected = new Loop(one, prediction, solver).sample();
                            assertEquals(expected, one.sample(solver, prediction),
                                    1e-10 * Math.max(1, Math.abs(expected)), solver + ", " + steps);
                        }
                    }
                }
            }
        }
    }

    @Test
    void noiseIsDrawnForEveryStep() {
        TriangularSystem system = new SaSolver(2, 2, true, true).system(RandomCase.preserving(1, 10, false).grid,
                Prediction.EPSILON);
        assertEquals(10, system.noiseRows());
        int taken = 0;
        for (int row = 1; row <= system.rows(); row++) {
            taken += system.noise(row) != 0 ? 1 : 0;
        }
        // Times are 990, 891, ... 99: those from 792 to 297 are in the window.
        assertEquals(6, taken);
    }

    @Test
    void ordersThatThereAreNotAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SaSolver(4, 2, true, true));
        assertThrows(IllegalArgumentException.class, () -> new SaSolver(2, 0, true, true));
        assertThrows(IllegalArgumentException.class, () -> new SaSolver(2, 2, true, true, -1, 0, 1));
    }

    private static final class Loop {
        private final RandomCase one;
        private final Prediction prediction;
        private final SaSolver solver;
        private final List<Double> outputs = new ArrayList<>();

        Loop(RandomCase one, Prediction prediction, SaSolver solver) {
            this.one = one;
            this.prediction = prediction;
            this.solver = solver;
        }

        double sample() {
            int steps = one.grid.steps();
            double x = one.start;
            double last = 0;
            int order = 0;
            for (int i = 0; i < steps; i++) {
                NoiseLevel at = one.grid.level(i);
                double output = solver.ofSample() ? one.x0(prediction, x, at) : one.epsilon(prediction, x, at);
                if (i > 0) {
                    List<Double> there = new ArrayList<>(List.of(output));
                    there.addAll(outputs);
                    x = update(i - 1, i, order, last, there);
                }
                outputs.add(0, output);
                int left = solver.lowerOrderFinal() ? steps - i : Integer.MAX_VALUE - 1;
                order = Math.min(Math.min(solver.corrector(), left + 1), i + 2);
                last = x;
                x = update(i, i, Math.min(Math.min(solver.predictor(), left), i + 1), x, outputs);
            }
            return x;
        }

        /** From row i to the next one through some outputs, the newest of which is that of a row. */
        private double update(int i, int newest, int order, double x, List<Double> values) {
            NoiseLevel s = one.grid.level(i);
            NoiseLevel t = one.grid.level(i + 1);
            double tau = s.time() >= 200 && s.time() <= 800 ? 1 : 0;
            double more = 1 + tau * tau;
            double h = t.lambda() - s.lambda();
            double[] c = new double[order];
            for (int k = 0; k < order; k++) {
                int node = k;
                DoubleUnaryOperator integrand = lambda -> {
                    double product = Math.exp(solver.ofSample() ? more * lambda : -lambda);
                    for (int other = 0; other < order; other++) {
                        double at = one.grid.level(newest - other).lambda();
                        product *= other == node ? 1 : (lambda - at) / (one.grid.level(newest - node).lambda() - at);
                    }
                    return product;
                };
                c[k] = simpson(integrand, s.lambda(), t.lambda());
            }
            if (solver.ofSample() && order == 2) {
                double rest = (h * more - 1 + Math.exp(-more * h)) / (more * more);
                double added = Math.exp(more * t.lambda()) * (newest == i
                        ? (h * h / 2 - rest) / (s.lambda() - one.grid.level(i - 1).lambda()) : h / 2 - rest / h);
                c[0] += added;
                c[1] -= added;
            }
            double z = one.noise[2 * i];
            double sum = 0;
            for (int k = 0; k < order; k++) {
                sum += c[k] * values.get(k);
            }
            return solver.ofSample()
                    ? Math.exp(-tau * tau * h) * t.sigma() / s.sigma() * x
                            + more * t.sigma() * Math.exp(-tau * tau * t.lambda()) * sum
                            + t.sigma() * Math.sqrt(1 - Math.exp(-2 * tau * tau * h)) * z
                    : t.alpha() / s.alpha() * x - more * t.alpha() * sum
                            + tau * t.sigma() * Math.sqrt(Math.exp(2 * h) - 1) * z;
        }
    }

    private static double simpson(DoubleUnaryOperator function, double from, double to) {
        int parts = 2000;
        double width = (to - from) / parts;
        double sum = function.applyAsDouble(from) + function.applyAsDouble(to);
        for (int k = 1; k < parts; k++) {
            sum += (k % 2 == 1 ? 4 : 2) * function.applyAsDouble(from + k * width);
        }
        return sum * width / 3;
    }
}
