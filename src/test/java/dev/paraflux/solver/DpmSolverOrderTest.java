package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The global errors of the DPM-Solver family fall with the powers of the number of steps that the papers claim, but for
 * 3M: a first step of first order, and half the weight that the second derivative has in the expansion of the integral,
 * each leave an error of second order.
 */
class DpmSolverOrderTest {
    private static final double SLACK = 0.2;

    static List<Arguments> ordersAndSolvers() {
        List<Arguments> cases = new ArrayList<>();
        for (Prediction prediction : Prediction.values()) {
            cases.add(Arguments.of(1, new DpmSolverPlusPlus(1), prediction));
            cases.add(Arguments.of(2, new DpmSolverPlusPlus(2), prediction));
            cases.add(Arguments.of(2, new DpmSolverPlusPlus(3), prediction));
            cases.add(Arguments.of(2, new DpmSolver2(), prediction));
            cases.add(Arguments.of(2, new DpmSolverPlusPlus2S(), prediction));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("ordersAndSolvers")
    void errorFallsWithThePowerOfTheSteps(int order, Solver solver, Prediction prediction) {
        assertEquals(order, MixtureTruth.order(solver, prediction, 160, 640), SLACK);
    }

    /** What it is for. */
    @Test
    void thirdOrderIsSeveralTimesCloserThanSecondOrder() {
        for (int steps : new int[] {20, 40, 160, 640}) {
            double second = MixtureTruth.error(new DpmSolverPlusPlus(2), Prediction.EPSILON, MixtureTruth::uniform,
                    steps);
            double third = MixtureTruth.error(new DpmSolverPlusPlus(3), Prediction.EPSILON, MixtureTruth::uniform,
                    steps);
            assertTrue(third < 0.35 * second, third + " and " + second + " with " + steps + " steps");
        }
    }

    /**
     * On data that is one Gaussian the model is linear, and so is the whole table: the deviation of the sample follows
     * from its rows. The error in it falls with the square of the steps.
     */
    @Test
    void stochasticSamplesComeToHaveTheDeviationOfTheData() {
        double before = stochasticError(40);
        for (int steps = 80; steps <= 640; steps *= 2) {
            double now = stochasticError(steps);
            assertTrue(now < before / 3, now + " after " + before + " with " + steps + " steps");
            before = now;
        }
    }

    private static double stochasticError(int steps) {
        double deviation = 0.4;
        TimeGrid grid = MixtureTruth.uniform(steps);
        TriangularSystem system = new SdeDpmSolverPlusPlus().system(grid, Prediction.SAMPLE);
        // Row i as a combination of the start, element 0, and of the noises.
        double[][] x = new double[steps + 1][steps + 1];
        double[][] m = new double[steps + 1][steps + 1];
        x[0][0] = Math.sqrt(variance(grid.level(0), deviation));
        for (int i = 1; i <= steps; i++) {
            NoiseLevel at = grid.level(i - 1);
            RecordedRow row = new RecordedRow(system, i);
            x[i][i] = row.noise;
            for (int k = 0; k < i; k++) {
                int term = k;
                m[i - 1][k] = at.alpha() * deviation * deviation / variance(at, deviation) * x[i - 1][k];
                double[] sum = new double[1];
                row.states.forEach((j, factor) -> sum[0] += factor * x[j][term]);
                row.predictions.forEach((j, factor) -> sum[0] += factor * m[j][term]);
                x[i][k] = sum[0];
            }
        }
        double squares = 0;
        for (double factor : x[steps]) {
            squares += factor * factor;
        }
        return Math.abs(Math.sqrt(squares) - Math.sqrt(variance(grid.level(steps), deviation)));
    }

    private static double variance(NoiseLevel level, double deviation) {
        return Math.pow(level.alpha() * deviation, 2) + level.sigma() * level.sigma();
    }
}
