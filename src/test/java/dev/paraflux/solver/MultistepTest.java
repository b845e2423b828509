package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** S-PNDM, iPNDM and DEIS against the published samplers, written plainly as loops with lists of past eps. */
class MultistepTest {
    private static final double NEAR = 1e-10;
    private static final double START = 0.7;

    @ParameterizedTest
    @EnumSource
    void ipndmIsAdamsBashforthOnDdimsStep(Prediction prediction) {
        for (int order = 1; order <= 4; order++) {
            for (TimeGrid grid : SolverGrids.uneven(9)) {
                double expected = ipndm(grid, order);
                assertNear(expected, new DoubleRun(new Ipndm(order).system(grid, prediction), START).last());
                if (order == 2) {
                    assertNear(expected, new DoubleRun(new Spndm().system(grid, prediction), START).last());
                }
            }
        }
    }

    private static double ipndm(TimeGrid grid, int order) {
        List<Double> ets = new ArrayList<>();
        double x = START;
        for (int i = 0; i < grid.steps(); i++) {
            NoiseLevel at = grid.level(i);
            NoiseLevel next = grid.level(i + 1);
            ets.add(0, MixtureTruth.epsilon(x, at));
            int known = next.sigma() == 0 ? 1 : Math.min(order, ets.size());
            double mean = switch (known) {
                case 1 -> ets.get(0);
                case 2 -> (3 * ets.get(0) - ets.get(1)) / 2;
                case 3 -> (23 * ets.get(0) - 16 * ets.get(1) + 5 * ets.get(2)) / 12;
                default -> (55 * ets.get(0) - 59 * ets.get(1) + 37 * ets.get(2) - 9 * ets.get(3)) / 24;
            };
            x = next.alpha() * ((x - at.sigma() * mean) / at.alpha()) + next.sigma() * mean;
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource
    void deisIsThePublishedSampler(Prediction prediction) {
        for (int order = 1; order <= 3; order++) {
            for (TimeGrid grid : SolverGrids.uneven(9)) {
                assertNear(deis(grid, order), new DoubleRun(new Deis(order).system(grid, prediction), START).last());
            }
        }
    }

    /** The antiderivatives in rho, not in u as the solver has them. */
    private static double deis(TimeGrid grid, int order) {
        List<Double> eps = new ArrayList<>();
        double x = START;
        for (int i = 0; i < grid.steps(); i++) {
            NoiseLevel at = grid.level(i);
            NoiseLevel next = grid.level(i + 1);
            eps.add(0, MixtureTruth.epsilon(x, at));
            int known = next.sigma() == 0 ? 1 : Math.min(order, eps.size());
            double y = x / at.alpha();
            if (known == 1) {
                y += (r(next) - r(at)) * eps.get(0);
            }
            for (int k = 0; k < known && known > 1; k++) {
                double[] others = new double[known - 1];
                for (int j = 0, o = 0; j < known; j++) {
                    if (j != k) {
                        others[o++] = r(grid.level(i - j));
                    }
                }
                double node = r(grid.level(i - k));
                y += eps.get(k) * (known == 2
                        ? second(r(next), node, others[0]) - second(r(at), node, others[0])
                        : third(r(next), node, others) - third(r(at), node, others));
            }
            x = next.alpha() * y;
        }
        return x;
    }

    /** The integral of (log rho - log c) / (log b - log c). */
    private static double second(double rho, double b, double c) {
        return rho * (Math.log(rho) - 1 - Math.log(c)) / (Math.log(b) - Math.log(c));
    }

    /** The integral of (log rho - log c) (log rho - log d) / ((log b - log c) (log b - log d)). */
    private static double third(double rho, double b, double[] others) {
        double u = Math.log(rho);
        double c = Math.log(others[0]);
        double d = Math.log(others[1]);
        return rho * (c * d - (c + d) * (u - 1) + u * u - 2 * u + 2) / ((Math.log(b) - c) * (Math.log(b) - d));
    }

    @Test
    void firstStepAndStepToNoNoiseAreDdims() {
        TimeGrid grid = TestGrids.linear(6);
        TriangularSystem ddim = new Ddim().system(grid, Prediction.VELOCITY);
        for (Solver solver : List.of(new Spndm(), new Ipndm(4), new Deis(3))) {
            TriangularSystem system = solver.system(grid, Prediction.VELOCITY);
            assertEquals(6, system.rows());
            for (int i : new int[] {1, 6}) {
                assertEquals(new RecordedRow(ddim, i).states, new RecordedRow(system, i).states);
                assertEquals(new RecordedRow(ddim, i).predictions, new RecordedRow(system, i).predictions);
            }
            for (int i = 1; i < 6; i++) {
                assertEquals(i - 1, system.parent(i));
                assertTrue(system.evaluated(i));
            }
        }
    }

    /** Exact where eps is a polynomial in log r: the very property that the weights are made for. */
    @Test
    void exponentialWeightsIntegratePolynomials() {
        for (double end : new double[] {-3, -1.001, -0.999, -0.3, -1e-4, 1e-6, 0.01, 0.7, 1.5, 6}) {
            for (double[] nodes : new double[][] {{0}, {0, -0.5}, {0, -0.3, -1}, {0, -0.2, -0.9, end}}) {
                double[] weights = ExponentialWeights.of(end, nodes);
                for (int power = 0; power < nodes.length; power++) {
                    double sum = 0;
                    double size = 0;
                    for (int k = 0; k < nodes.length; k++) {
                        sum += weights[k] * Math.pow(nodes[k], power);
                        size += Math.abs(weights[k] * Math.pow(nodes[k], power));
                    }
                    assertEquals(integral(end, power), sum, 1e-12 * Math.max(1e-3, size), end + ", power " + power);
                }
            }
        }
    }

    /** Simpson's rule, finely. */
    private static double integral(double end, int power) {
        int parts = 4000;
        double sum = 0;
        for (int i = 0; i <= parts; i++) {
            double u = end * i / parts;
            int weight = i == 0 || i == parts ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.pow(u, power) * Math.exp(u);
        }
        return sum * end / parts / 3;
    }

    @Test
    void equalLevelsAreStoodStillOn() {
        NoiseLevel first = NoiseLevel.ofAlphaBar(900, 0.1);
        NoiseLevel second = NoiseLevel.ofAlphaBar(700, 0.2);
        NoiseLevel third = NoiseLevel.ofAlphaBar(500, 0.5);
        NoiseLevel fourth = NoiseLevel.ofAlphaBar(100, 0.8);
        TimeGrid once = new TimeGrid(List.of(first, second, third, fourth));
        TimeGrid twice = new TimeGrid(List.of(first, first, second, third, third, third, fourth));
        for (int order = 1; order <= 3; order++) {
            assertNear(new DoubleRun(new Deis(order).system(once, Prediction.EPSILON), START).last(),
                    new DoubleRun(new Deis(order).system(twice, Prediction.EPSILON), START).last());
            new Ipndm(order).system(twice, Prediction.EPSILON);
        }
    }

    @Test
    void noiseAloneIsTakenWhereNothingDividesByItsAlpha() {
        TimeGrid grid = TestGrids.zeroTerminalSnr(5);
        for (Solver solver : List.of(new Spndm(), new Ipndm(4), new Deis(3))) {
            TriangularSystem system = solver.system(grid, Prediction.VELOCITY);
            assertEquals(5, system.rows());
            // Its eps tells nothing of a slope where sigma / alpha is infinite.
            assertEquals(1, new RecordedRow(system, 2).predictions.size());
            assertEquals(2, new RecordedRow(system, 3).predictions.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 5, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void ordersThatThereAreNotAreRefused(int order) {
        assertEquals("order " + order + ": must be 1 to 4",
                assertThrows(IllegalArgumentException.class, () -> new Ipndm(order)).getMessage());
        assertEquals("order " + order + ": must be 1 to 3",
                assertThrows(IllegalArgumentException.class, () -> new Deis(order)).getMessage());
    }

    @Test
    void ordersAboveTheNumberOfStepsAreLowered() {
        TimeGrid grid = TestGrids.angles(2, 1.2);
        assertNear(new DoubleRun(new Ipndm(2).system(grid, Prediction.EPSILON), START).last(),
                new DoubleRun(new Ipndm(3).system(grid, Prediction.EPSILON), START).last());
        assertNear(new DoubleRun(new Deis(2).system(grid, Prediction.EPSILON), START).last(),
                new DoubleRun(new Deis(3).system(grid, Prediction.EPSILON), START).last());
        assertEquals(1, new Spndm().system(TestGrids.linear(1), Prediction.EPSILON).rows());
    }

    private static double r(NoiseLevel level) {
        return level.sigma() / level.alpha();
    }

    private static void assertNear(double expected, double actual) {
        assertEquals(expected, actual, NEAR * Math.max(1, Math.abs(expected)));
    }
}
