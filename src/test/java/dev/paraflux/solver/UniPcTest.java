package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** UniPC against the published sampler, written plainly with its systems R rho = b. */
class UniPcTest {
    private static final double NEAR = 1e-10;
    private static final double START = 0.7;

    @ParameterizedTest
    @EnumSource
    void trajectoryIsThePublishedSamplers(Prediction prediction) {
        for (int order = 1; order <= 3; order++) {
            for (int steps : new int[] {3, 4, 9}) {
                for (TimeGrid grid : SolverGrids.uneven(steps)) {
                    double expected = unipc(grid, order);
                    double actual = new DoubleRun(new UniPc(order).system(grid, prediction), START).last();
                    assertEquals(expected, actual, NEAR * Math.max(1, Math.abs(expected)), order + ", " + steps);
                }
            }
        }
    }

    private static double unipc(TimeGrid grid, int order) {
        List<Double> outputs = new ArrayList<>();
        double sample = START;
        double lastSample = 0;
        int orderBefore = 0;
        for (int i = 0; i < grid.steps(); i++) {
            double output = DoubleRun.x0(sample, grid.level(i));
            if (i > 0) {
                sample = step(grid, i, orderBefore, lastSample, outputs, output);
            }
            outputs.add(0, output);
            orderBefore = Math.min(Math.min(order, grid.steps() - i), i + 1);
            lastSample = sample;
            sample = step(grid, i + 1, orderBefore, lastSample, outputs, Double.NaN);
        }
        return sample;
    }

    /** From level i - 1, whose output is the first of the list, to i; corrected if the output there is known. */
    private static double step(TimeGrid grid, int i, int order, double x, List<Double> outputs, double here) {
        boolean correct = !Double.isNaN(here);
        NoiseLevel from = grid.level(i - 1);
        NoiseLevel to = grid.level(i);
        double h = lambda(to) - lambda(from);
        double b = Math.expm1(-h);
        int unknowns = correct ? order : order - 1;
        double[] r = new double[unknowns];
        double[] d = new double[unknowns];
        for (int k = 0; k < order - 1; k++) {
            r[k] = (lambda(grid.level(i - 2 - k)) - lambda(from)) / h;
            d[k] = (outputs.get(k + 1) - outputs.get(0)) / r[k];
        }
        if (correct) {
            r[order - 1] = 1;
            d[order - 1] = here - outputs.get(0);
        }
        double[] rho = unknowns == 1 ? new double[] {0.5} : solve(r, h, b);
        double sum = 0;
        for (int k = 0; k < unknowns; k++) {
            sum += rho[k] * d[k];
        }
        return to.sigma() / from.sigma() * x - to.alpha() * b * outputs.get(0) - to.alpha() * b * sum;
    }

    /** R rho = b by Gauss's elimination: R_qk = r_k^(q-1), b_q = q! phi_(q+1)(-h) (-h) / B. */
    private static double[] solve(double[] r, double h, double b) {
        int n = r.length;
        double[][] rows = new double[n][n + 1];
        double phi = Math.expm1(-h) / -h - 1;
        double factorial = 1;
        for (int q = 0; q < n; q++) {
            for (int k = 0; k < n; k++) {
                rows[q][k] = Math.pow(r[k], q);
            }
            rows[q][n] = phi * factorial / b;
            factorial *= q + 2;
            phi = phi / -h - 1 / factorial;
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

    @Test
    void rowsArePredictorAndCorrector() {
        TimeGrid grid = TestGrids.linear(5);
        TriangularSystem system = new UniPc(3).system(grid, Prediction.EPSILON);
        assertEquals(9, system.rows());
        for (int i = 1; i <= 5; i++) {
            int predictor = 2 * i - 1;
            assertEquals(grid.level(i), system.level(predictor));
            assertEquals(2 * (i - 1), system.parent(predictor));
            assertEquals(i < 5, system.evaluated(predictor));
            if (i < 5) {
                assertEquals(grid.level(i), system.level(predictor + 1));
                assertEquals(2 * (i - 1), system.parent(predictor + 1));
                assertFalse(system.evaluated(predictor + 1));
            }
        }
    }

    /** UniP-1 is DDIM; UniC-1 is the trapezoid of x0 in B(h). */
    @Test
    void firstStepsCoefficients() {
        TimeGrid grid = TestGrids.linear(5);
        TriangularSystem system = new UniPc(1).system(grid, Prediction.SAMPLE);
        for (int i = 1; i < 5; i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            double whole = to.alpha() - to.sigma() * from.alpha() / from.sigma();
            int before = i == 1 ? 0 : 2 * i - 3;
            RecordedRow predictor = new RecordedRow(system, 2 * i - 1);
            RecordedRow corrector = new RecordedRow(system, 2 * i);
            assertEquals(to.sigma() / from.sigma(), predictor.ofState(2 * i - 2), NEAR);
            assertEquals(whole, predictor.ofPrediction(before), NEAR);
            assertEquals(to.sigma() / from.sigma(), corrector.ofState(2 * i - 2), NEAR);
            assertEquals(0.5 * whole, corrector.ofPrediction(before), NEAR);
            assertEquals(0.5 * whole, corrector.ofPrediction(2 * i - 1), NEAR);
        }
    }

    @Test
    void equalLevelsAreStoodStillOn() {
        NoiseLevel first = NoiseLevel.ofAlphaBar(900, 0.1);
        NoiseLevel second = NoiseLevel.ofAlphaBar(700, 0.2);
        NoiseLevel third = NoiseLevel.ofAlphaBar(500, 0.5);
        NoiseLevel fourth = NoiseLevel.ofAlphaBar(100, 0.8);
        NoiseLevel fifth = NoiseLevel.ofAlphaBar(50, 0.9);
        TimeGrid twice = new TimeGrid(List.of(first, first, second, second, second, third, fourth, fifth));
        for (int order = 1; order <= 3; order++) {
            double sample = new DoubleRun(new UniPc(order).system(twice, Prediction.EPSILON), START).last();
            double once = new DoubleRun(new UniPc(order)
                    .system(new TimeGrid(List.of(first, second, third, fourth, fifth)), Prediction.EPSILON), START)
                    .last();
            // At equal levels the output of the corrected state takes the place of the predictor's.
            assertEquals(once, sample, 0.02);
        }
    }

    @Test
    void noiseAloneIsNotLookedBackOn() {
        TimeGrid grid = TestGrids.zeroTerminalSnr(5);
        for (int order : new int[] {1, 2, 3}) {
            TriangularSystem system = new UniPc(order).system(grid, Prediction.VELOCITY);
            assertEquals(9, system.rows());
            assertEquals(1, new RecordedRow(system, 3).predictions.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4, Integer.MAX_VALUE})
    void ordersThatThereAreNotAreRefused(int order) {
        assertEquals("order " + order + ": must be 1 to 3",
                assertThrows(IllegalArgumentException.class, () -> new UniPc(order)).getMessage());
    }

    @Test
    void ordersAboveTheNumberOfStepsAreLowered() {
        TimeGrid grid = TestGrids.linear(2);
        assertEquals(new DoubleRun(new UniPc(2).system(grid, Prediction.EPSILON), START).last(),
                new DoubleRun(new UniPc(3).system(grid, Prediction.EPSILON), START).last());
        assertEquals(1, new UniPc(1).system(TestGrids.linear(1), Prediction.EPSILON).rows());
    }

    private static double lambda(NoiseLevel level) {
        return Math.log(level.alpha() / level.sigma());
    }
}
