package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Euler and the Heun solvers against the papers' algorithms, written plainly. */
class HeunTest {
    private static final double NEAR = 1e-10;
    private static final double START = 0.7;

    @ParameterizedTest
    @EnumSource
    void eulerIsEulerInXOverAlpha(Prediction prediction) {
        for (TimeGrid grid : SolverGrids.uneven(9)) {
            double y = START / grid.level(0).alpha();
            for (int i = 0; i < 9; i++) {
                y += (r(grid.level(i + 1)) - r(grid.level(i))) * slope(y, grid.level(i));
            }
            assertNear(y * grid.level(9).alpha(), new DoubleRun(new Euler().system(grid, prediction), START).last());
        }
    }

    @Test
    void eulerIsDdimAndFlowMatchingsEuler() {
        TimeGrid grid = SolverGrids.flow(8, 1, 0);
        TriangularSystem euler = new Euler().system(grid, Prediction.FLOW);
        TriangularSystem ddim = new Ddim().system(grid, Prediction.FLOW);
        for (int i = 1; i <= 8; i++) {
            RecordedRow row = new RecordedRow(euler, i);
            assertEquals(new RecordedRow(ddim, i).states, row.states);
            assertEquals(new RecordedRow(ddim, i).predictions, row.predictions);
            assertEquals(1, row.ofState(i - 1), NEAR);
            assertEquals(grid.level(i).sigma() - grid.level(i - 1).sigma(), row.ofPrediction(i - 1), NEAR);
        }
    }

    /** Karras et al., algorithms 1 and 2, in y and r for any scaling. */
    private static double karras(TimeGrid grid, double churn, double from, double to, double noiseScale,
            double[] noise) {
        int steps = grid.steps();
        double y = START / grid.level(0).alpha();
        int drawn = 0;
        for (int i = 0; i < steps; i++) {
            NoiseLevel at = grid.level(i);
            double t = r(at);
            double gamma = from <= t && t <= to ? Math.min(churn / steps, Math.sqrt(2) - 1) : 0;
            double hat = t + gamma * t;
            if (gamma > 0) {
                y += Math.sqrt(hat * hat - t * t) * noiseScale * noise[drawn++];
                at = grid.path().at(hat);
            }
            double next = r(grid.level(i + 1));
            double d = slope(y, at);
            double yNext = y + (next - hat) * d;
            if (next != 0) {
                yNext = y + (next - hat) * (0.5 * d + 0.5 * slope(yNext, grid.level(i + 1)));
            }
            y = yNext;
        }
        return y * grid.level(steps).alpha();
    }

    @ParameterizedTest
    @EnumSource
    void heunIsThePapersAlgorithm(Prediction prediction) {
        for (int steps : new int[] {1, 2, 9}) {
            for (TimeGrid grid : SolverGrids.uneven(steps)) {
                assertNear(karras(grid, 0, 0, 0, 1, null),
                        new DoubleRun(new Heun().system(grid, prediction), START).last());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 1e9, 1", "40, 0.05, 5, 1.003", "1000, 0.05, 50, 1.1", "3, 100, 200, 1"})
    void stochasticHeunIsThePapersAlgorithm(double churn, double from, double to, double noiseScale) {
        double[] noise = new Random(1).doubles(20, -2, 2).toArray();
        StochasticHeun solver = new StochasticHeun(churn, from, to, noiseScale);
        for (Prediction prediction : Prediction.values()) {
            for (TimeGrid grid : SolverGrids.uneven(9)) {
                assertNear(karras(grid, churn, from, to, noiseScale, noise),
                        new DoubleRun(solver.system(grid, prediction), START, noise).last());
            }
        }
    }

    @Test
    void heunsRowsAreStageAndFullRow() {
        TimeGrid grid = TestGrids.linear(4);
        TriangularSystem system = new Heun().system(grid, Prediction.EPSILON);
        assertEquals(7, system.rows());
        for (int i = 1; i <= 4; i++) {
            NoiseLevel before = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            int full = 2 * (i - 1);
            assertEquals(full, system.parent(full + 1));
            assertTrue(system.evaluated(full));
            assertEquals(to, system.level(full + 1));
            if (i < 4) {
                RecordedRow row = new RecordedRow(system, full + 2);
                assertEquals(full, system.parent(full + 2));
                assertEquals(to.alpha() / before.alpha(), row.ofState(full), NEAR);
                assertEquals(to.alpha() * (r(to) - r(before)) / 2, row.ofPrediction(full), NEAR);
                assertEquals(to.alpha() * (r(to) - r(before)) / 2, row.ofPrediction(full + 1), NEAR);
                assertEquals(0, row.ofState(full + 1));
            }
        }
    }

    @Test
    void noiseIsAddedAtLevelsInTheRange() {
        TimeGrid grid = SolverGrids.exploding(6);
        double from = r(grid.level(4));
        double to = r(grid.level(2));
        TriangularSystem system = new StochasticHeun(1.2, from, to, 2).system(grid, Prediction.EPSILON);
        assertEquals(11, system.rows(), "two a step, one for the last");
        for (int i = 1; i < 6; i++) {
            boolean inRange = i >= 2 && i <= 4;
            double ratio = r(grid.level(i));
            assertEquals(inRange ? 2 * ratio * Math.sqrt(1.2 * 1.2 - 1) : 0, system.noise(2 * i), NEAR);
            assertEquals(inRange ? 1.2 * ratio : ratio, r(system.level(2 * i)), NEAR);
            assertEquals(2 * (i - 1), system.parent(2 * i));
            assertTrue(system.evaluated(2 * i));
        }
    }

    /** It has nothing to ride on. */
    @Test
    void noiseOfTheFirstStepHasARowOfItsOwn() {
        TimeGrid grid = SolverGrids.exploding(6);
        TriangularSystem system = new StochasticHeun(0.6, 0, 100, 1).system(grid, Prediction.EPSILON);
        assertEquals(12, system.rows());
        assertEquals(6, system.noiseRows());
        assertEquals(1.1 * 20, r(system.level(1)), NEAR);
        assertEquals(20 * Math.sqrt(1.1 * 1.1 - 1), system.noise(1), NEAR);
        assertFalse(system.evaluated(0));
        assertEquals(1, system.parent(3));
    }

    @Test
    void flowHeunIsHeunOverTau() {
        for (TimeGrid grid : List.of(SolverGrids.flow(9, 0.98, 0.05), SolverGrids.flow(9, 0.98, 0),
                SolverGrids.flow(1, 0.9, 0))) {
            double x = START;
            for (int i = 0; i < grid.steps(); i++) {
                NoiseLevel at = grid.level(i);
                NoiseLevel next = grid.level(i + 1);
                double step = next.sigma() - at.sigma();
                double v = MixtureTruth.output(x, at, Prediction.FLOW);
                double stage = x + step * v;
                x = next.sigma() == 0 ? stage : x + step / 2 * (v + MixtureTruth.output(stage, next, Prediction.FLOW));
            }
            for (Prediction prediction : Prediction.values()) {
                assertNear(x, new DoubleRun(new FlowHeun().system(grid, prediction), START).last());
            }
        }
    }

    @Test
    void flowHeunStartsFromNoiseAloneAndEndsWithEuler() {
        TimeGrid grid = SolverGrids.flow(3, 1, 0);
        TriangularSystem system = new FlowHeun().system(grid, Prediction.FLOW);
        assertEquals(5, system.rows());
        RecordedRow row = new RecordedRow(system, 2);
        double half = (grid.level(1).sigma() - 1) / 2;
        assertEquals(1, row.ofState(0), NEAR);
        assertEquals(half, row.ofPrediction(0), NEAR);
        assertEquals(half, row.ofPrediction(1), NEAR);
        assertEquals(-grid.level(2).sigma(), new RecordedRow(system, 5).ofPrediction(4), NEAR);
    }

    @Test
    void levelsOffTheLineOfFlowMatchingAreRefused() {
        NoiseLevel off = new NoiseLevel(2, 0.6, 0.41);
        TimeGrid grid = new TimeGrid(List.of(new NoiseLevel(3, 0.1, 0.9), off, new NoiseLevel(0, 1, 0)));
        String message = assertThrows(IllegalArgumentException.class,
                () -> new FlowHeun().system(grid, Prediction.FLOW)).getMessage();
        assertEquals("alpha + sigma of row 1 1.01: must be 1, the line of flow matching",
                message);
    }

    @Test
    void noiseAloneIsRefusedWhereTheRatioIsNeeded() {
        TimeGrid grid = TestGrids.zeroTerminalSnr(4);
        for (Solver solver : List.of(new Heun(), new StochasticHeun(1, 0, Double.POSITIVE_INFINITY, 1))) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> solver.system(grid, Prediction.VELOCITY)).getMessage();
            assertTrue(message.startsWith("alpha of row 0 (time 999.0) 0.0: must be above 0"), message);
        }
        assertEquals(4, new Euler().system(grid, Prediction.VELOCITY).rows());
        assertEquals(1, new Heun().system(TestGrids.zeroTerminalSnr(1), Prediction.VELOCITY).rows());
    }

    @Test
    void equalLevelsAreStoodStillOn() {
        NoiseLevel level = NoiseLevel.ofAlphaBar(500, 0.5);
        TimeGrid grid = new TimeGrid(List.of(level, level, NoiseLevel.ofAlphaBar(100, 0.8)));
        TimeGrid once = new TimeGrid(List.of(level, NoiseLevel.ofAlphaBar(100, 0.8)));
        assertNear(new DoubleRun(new Heun().system(once, Prediction.EPSILON), START).last(),
                new DoubleRun(new Heun().system(grid, Prediction.EPSILON), START).last());
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 1, 1, churn -1.0: must be 0 or more", "NaN, 0, 1, 1, churn NaN: must be 0 or more",
            "Infinity, 0, 1, 1, churn Infinity: must be 0 or more",
            "1, -1, 1, 1, churnFrom -1.0: must be 0 or more", "1, NaN, 1, 1, churnFrom NaN: must be 0 or more",
            "1, 2, 1, 1, churnTo 1.0: must be at least churnFrom 2.0",
            "1, 2, NaN, 1, churnTo NaN: must be at least churnFrom 2.0",
            "1, 0, 1, 0, noiseScale 0.0: must be above 0", "1, 0, 1, NaN, noiseScale NaN: must be above 0"})
    void settingsOutsideAreRefused(double churn, double from, double to, double noiseScale, String message) {
        String told = assertThrows(IllegalArgumentException.class,
                () -> new StochasticHeun(churn, from, to, noiseScale)).getMessage();
        assertTrue(told.startsWith(message), told);
    }

    private static double r(NoiseLevel level) {
        return level.sigma() / level.alpha();
    }

    private static double slope(double y, NoiseLevel at) {
        return MixtureTruth.epsilon(y * at.alpha(), at);
    }

    private static void assertNear(double expected, double actual) {
        assertEquals(expected, actual, NEAR * Math.max(1, Math.abs(expected)));
    }
}
