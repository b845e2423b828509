package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link UniPc} with all of its options, and {@link Deis}, against the loops of diffusers' schedulers. */
class UniPcRecurrencesTest {
    private static final int[] STEPS = {1, 2, 3, 4, 6, 14, 15};

    @ParameterizedTest
    @EnumSource
    void uniPcIsDiffusers(Prediction prediction) {
        for (int steps : STEPS) {
            for (int order = 1; order <= 3; order++) {
                for (UniPcKernel kernel : UniPcKernel.values()) {
                    for (int flags = 0; flags < 8; flags++) {
                        UniPc solver = new UniPc(order, kernel, (flags & 1) > 0, (flags & 2) > 0,
                                (flags & 4) > 0 ? Set.of(0, 2) : Set.of());
                        for (RandomCase one : List.of(RandomCase.preserving(flags, steps, false),
                                RandomCase.exploding(flags, steps, false), RandomCase.flow(flags, steps, false))) {
                            double expected = new Loop(one, prediction, solver).sample();
                            assertEquals(expected, one.sample(solver, prediction),
                                    1e-10 * Math.max(1, Math.abs(expected)), solver + ", " + steps);
                        }
                    }
                }
            }
        }
    }

    private record Loop(RandomCase one, Prediction prediction, UniPc solver, List<Double> outputs) {
        Loop(RandomCase one, Prediction prediction, UniPc solver) {
            this(one, prediction, solver, new ArrayList<>());
        }

        double sample() {
            int steps = one.grid.steps();
            double x = one.start;
            double lastSample = 0;
            int order = 0;
            for (int i = 0; i < steps; i++) {
                NoiseLevel at = one.grid.level(i);
                double output = solver.ofSample() ? one.x0(prediction, x, at) : one.epsilon(prediction, x, at);
                if (i > 0 && !solver.uncorrected().contains(i - 1)) {
                    x = update(i - 1, order, lastSample, output);
                }
                outputs.add(0, output);
                int most = solver.lowerOrderFinal() ? Math.min(solver.order(), steps - i) : solver.order();
                order = Math.min(most, i + 1);
                lastSample = x;
                x = update(i, order, x, Double.NaN);
            }
            return x;
        }

        /** From row i to row i + 1, with the output there if it is known: the corrector, or else the predictor. */
        private double update(int i, int order, double x, double there) {
            boolean correct = !Double.isNaN(there);
            NoiseLevel s = one.grid.level(i);
            NoiseLevel t = one.grid.level(i + 1);
            double h = lambda(t) - lambda(s);
            double hh = solver.ofSample() ? -h : h;
            double b = solver.kernel() == UniPcKernel.BH1 ? hh : Math.expm1(hh);
            int unknowns = correct ? order : order - 1;
            double[] r = new double[unknowns];
            double[] d = new double[unknowns];
            for (int k = 1; k < order; k++) {
                r[k - 1] = (lambda(one.grid.level(i - k)) - lambda(s)) / h;
                d[k - 1] = (outputs.get(k) - outputs.get(0)) / r[k - 1];
            }
            if (correct) {
                r[order - 1] = 1;
                d[order - 1] = there - outputs.get(0);
            }
            double[] rho = unknowns == 1 ? new double[] {0.5} : solve(r, hh, b);
            double sum = 0;
            for (int k = 0; k < unknowns; k++) {
                sum += rho[k] * d[k];
            }
            double state = solver.ofSample() ? t.sigma() / s.sigma() : t.alpha() / s.alpha();
            double factor = solver.ofSample() ? t.alpha() : t.sigma();
            return state * x - factor * Math.expm1(hh) * outputs.get(0) - factor * b * sum;
        }
    }

    /** R rho = b by Gauss's elimination. */
    private static double[] solve(double[] r, double hh, double b) {
        int n = r.length;
        double[][] rows = new double[n][n + 1];
        double phi = Math.expm1(hh) / hh - 1;
        double factorial = 1;
        for (int q = 0; q < n; q++) {
            for (int k = 0; k < n; k++) {
                rows[q][k] = Math.pow(r[k], q);
            }
            rows[q][n] = phi * factorial / b;
            factorial *= q + 2;
            phi = phi / hh - 1 / factorial;
        }
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                double factor = q == p ? 0 : rows[q][p] / rows[p][p];
                for (int k = 0; k <= n; k++) {
                    rows[q][k] -= factor * rows[p][k];
                }
            }
        }
        double[] rho = new double[n];
        for (int k = 0; k < n; k++) {
            rho[k] = rows[k][n] / rows[k][k];
        }
        return rho;
    }

    /** The step is integrated by Simpson's rule in log rho, of Lagrange's polynomials. */
    @ParameterizedTest
    @EnumSource
    void deisLowersItsOrderInTheLastOfFewSteps(Prediction prediction) {
        for (int steps : STEPS) {
            for (int order = 1; order <= 3; order++) {
                for (boolean lower : new boolean[] {false, true}) {
                    RandomCase one = RandomCase.preserving(order, steps, false);
                    double expected = deis(one, prediction, order, lower);
                    assertEquals(expected, one.sample(new Deis(order, lower), prediction),
                            1e-10 * Math.max(1, Math.abs(expected)), order + ", " + steps + ", " + lower);
                }
            }
        }
    }

    private static double deis(RandomCase one, Prediction prediction, int order, boolean lower) {
        int steps = one.grid.steps();
        List<Double> eps = new ArrayList<>();
        double x = one.start;
        for (int i = 0; i < steps; i++) {
            eps.add(0, one.epsilon(prediction, x, one.grid.level(i)));
            boolean few = lower && steps < 15;
            int most = few && i == steps - 1 ? 1 : few && i == steps - 2 ? 2 : 3;
            int known = Math.min(Math.min(order, i + 1), most);
            double y = x / one.grid.level(i).alpha();
            for (int k = 0; k < known; k++) {
                y += eps.get(k) * integral(one, i, k, known);
            }
            x = one.grid.level(i + 1).alpha() * y;
        }
        return x;
    }

    private static double integral(RandomCase one, int i, int k, int known) {
        double from = Math.log(one.grid.level(i).ratio());
        double to = Math.log(one.grid.level(i + 1).ratio());
        int parts = 2000;
        double sum = 0;
        for (int p = 0; p <= parts; p++) {
            double u = from + (to - from) * p / parts;
            double product = Math.exp(u) * (p == 0 || p == parts ? 1 : p % 2 == 1 ? 4 : 2);
            for (int j = 0; j < known; j++) {
                double node = Math.log(one.grid.level(i - j).ratio());
                product *= j == k ? 1 : (u - node) / (Math.log(one.grid.level(i - k).ratio()) - node);
            }
            sum += product;
        }
        return sum * (to - from) / parts / 3;
    }

    private static double lambda(NoiseLevel level) {
        return Math.log(level.alpha()) - Math.log(level.sigma());
    }
}
