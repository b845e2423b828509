package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where lambda is infinite, where it stands still, and what is refused. */
class DpmSolverEdgesTest {
    static List<Solver> solvers() {
        return List.of(new DpmSolverUpTo(1), new DpmSolverUpTo(2), new DpmSolverUpTo(3), new SdeDpmSolverPlusPlus(),
                new DpmSolver2(), new DpmSolverPlusPlus2S());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4, Integer.MAX_VALUE})
    void ordersOutsideAreRefused(int order) {
        assertEquals("order " + order + ": must be 1 to 3",
                assertThrows(IllegalArgumentException.class, () -> new DpmSolverPlusPlus(order)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2"})
    void ordersAboveTheStepsAreLowered(int order, int steps) {
        TimeGrid grid = TestGrids.linear(steps);
        TriangularSystem expected = new DpmSolverPlusPlus(steps).system(grid, Prediction.EPSILON);
        TriangularSystem actual = new DpmSolverPlusPlus(order).system(grid, Prediction.EPSILON);
        for (int i = 1; i <= steps; i++) {
            assertEquals(new RecordedRow(expected, i).states, new RecordedRow(actual, i).states);
            assertEquals(new RecordedRow(expected, i).predictions, new RecordedRow(actual, i).predictions);
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void lastRowWithoutNoiseIsThePredictedSample(Solver solver) {
        for (int steps : new int[] {1, 2, 3, 14, 15, 40}) {
            TriangularSystem system = solver.system(TestGrids.linear(steps), Prediction.SAMPLE);
            int last = system.rows();
            RecordedRow row = new RecordedRow(system, last);
            assertEquals(1, row.ofPrediction(last - 1), Tolerances.COEFFICIENT);
            assertEquals(1, row.predictions.size());
            assertEquals(0, row.ofState(last - 1));
            assertEquals(0, row.noise);
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void fromNoSignalTheFirstStepIsDdim(Solver solver) {
        for (Prediction prediction : List.of(Prediction.VELOCITY, Prediction.SAMPLE, Prediction.FLOW)) {
            for (int steps : new int[] {1, 2, 3, 4, 20}) {
                TimeGrid grid = TestGrids.zeroTerminalSnr(steps);
                RecordedRow expected = new RecordedRow(new Ddim().system(grid, prediction), 1);
                TriangularSystem system = solver.system(grid, prediction);
                assertEquals(grid.level(1), system.level(1), "no stage without a middle");
                RecordedRow row = new RecordedRow(system, 1);
                double noise = solver instanceof SdeDpmSolverPlusPlus ? grid.level(1).sigma() : 0;
                assertEquals(noise, row.noise, Tolerances.COEFFICIENT);
                if (noise == 0) {
                    assertEquals(expected.ofState(0), row.ofState(0), Tolerances.COEFFICIENT);
                }
                if (noise == 0 || prediction == Prediction.SAMPLE) {
                    double sample = noise == 0 ? expected.ofPrediction(0) : grid.level(1).alpha();
                    assertEquals(sample, row.ofPrediction(0), Tolerances.COEFFICIENT);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void fromNoSignalSamplesAreThoseOfTheData(Solver solver) {
        TimeGrid grid = TestGrids.zeroTerminalSnr(50);
        assertEquals(0, grid.level(0).alpha());
        float[] expected = null;
        for (Prediction prediction : List.of(Prediction.VELOCITY, Prediction.SAMPLE, Prediction.FLOW)) {
            float[] sample = sample(solver, grid, prediction);
            double mean = 0;
            double square = 0;
            for (float value : sample) {
                mean += value / 256.0;
                square += value * value / 256.0;
            }
            assertEquals(0.3, mean, 4 * 0.5 / Math.sqrt(256));
            assertEquals(0.5, Math.sqrt(square - mean * mean), 0.1);
            expected = expected == null ? sample : expected;
            assertArrayEquals(expected, sample, 1e-4f, prediction.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void fromNoSignalAModelThatPredictsEpsilonIsRefused(Solver solver) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> solver.system(TestGrids.zeroTerminalSnr(50), Prediction.EPSILON)).getMessage();
        assertTrue(message.contains("time 999") && message.contains("zero terminal SNR"), message);
    }

    private static float[] sample(Solver solver, TimeGrid grid, Prediction prediction) {
        try (Sampler sampler = Sampler.builder(TestDenoisers.gaussian(256, 0.3, 0.5, prediction), grid)
                .solver(solver).build()) {
            return sampler.sample(Request.seed(11)).values();
        }
    }

    /** A step of no length moves nothing, and the rows after it do not divide by it. */
    @ParameterizedTest
    @MethodSource("solvers")
    void equalLevelsMoveNothing(Solver solver) {
        TimeGrid plain = MixtureTruth.uniform(20);
        for (int repeated : new int[] {0, 1, 9, 19, 20}) {
            for (double scale : new double[] {1, 1 + 1e-15}) {
                List<NoiseLevel> levels = new ArrayList<>(plain.levels());
                NoiseLevel level = levels.get(repeated);
                levels.add(repeated, new NoiseLevel(level.time(), level.alpha(), level.sigma() * scale));
                TimeGrid grid = new TimeGrid(levels);
                TriangularSystem system = solver.system(grid, Prediction.EPSILON);
                int row = 1;
                while (!system.level(row).equals(grid.level(repeated + 1))) {
                    row++;
                }
                row += scale == 1 && repeated > 0 ? 1 : 0;
                RecordedRow moved = new RecordedRow(system, row);
                assertEquals(1, moved.ofState(system.parent(row)), 1e-9);
                for (double factor : moved.predictions.values()) {
                    assertEquals(0, factor, 1e-9);
                }
                for (int i = 1; i <= system.rows(); i++) {
                    for (double factor : new RecordedRow(system, i).predictions.values()) {
                        assertTrue(Math.abs(factor) < 20, "row " + i + " has a factor " + factor);
                    }
                }
                if (system.noiseRows() == 0) {
                    double start = 0.7;
                    double expected = MixtureTruth.solve(solver.system(plain, Prediction.EPSILON), start);
                    assertEquals(expected, MixtureTruth.solve(system, start), 0.02);
                }
            }
        }
    }

    @Test
    void gridsOfEqualLevelsAreLegal() {
        NoiseLevel level = new NoiseLevel(500, 0.6, 0.8);
        for (Solver solver : solvers()) {
            TriangularSystem system = solver.system(new TimeGrid(List.of(level, level, level, level)),
                    Prediction.VELOCITY);
            assertEquals(0.7, system.noiseRows() > 0 ? 0.7 : MixtureTruth.solve(system, 0.7), 1e-12);
        }
    }

    @Test
    void ordersRiseFromOneAndFallAtTheEndOfFewSteps() {
        for (int steps : new int[] {5, 14, 15, 30}) {
            TriangularSystem system = new DpmSolverPlusPlus(3).system(MixtureTruth.uniform(steps), Prediction.SAMPLE);
            for (int i = 1; i <= steps; i++) {
                int end = steps < 15 ? steps - i + 1 : 3;
                assertEquals(Math.min(3, Math.min(i, end)), new RecordedRow(system, i).predictions.size(), "row " + i);
            }
        }
        TriangularSystem toZero = new DpmSolverPlusPlus(3).system(TestGrids.linear(15), Prediction.SAMPLE);
        assertEquals(3, new RecordedRow(toZero, 14).predictions.size());
        assertEquals(1, new RecordedRow(toZero, 15).predictions.size());
    }

    @Test
    void orderOneIsDdim() {
        for (Prediction prediction : Prediction.values()) {
            for (TimeGrid grid : List.of(TestGrids.angles(30, 1.4), MixtureTruth.uniform(20))) {
                TriangularSystem ddim = new Ddim().system(grid, prediction);
                TriangularSystem system = new DpmSolverPlusPlus(1).system(grid, prediction);
                for (int i = 1; i <= grid.steps(); i++) {
                    RecordedRow expected = new RecordedRow(ddim, i);
                    RecordedRow row = new RecordedRow(system, i);
                    assertEquals(expected.ofState(i - 1), row.ofState(i - 1), Tolerances.COEFFICIENT);
                    assertEquals(expected.ofPrediction(i - 1), row.ofPrediction(i - 1), Tolerances.COEFFICIENT);
                }
            }
        }
    }

    /**
     * The weights of the x0s are the integral of a constant, however short the step: nothing is lost in differences.
     */
    @Test
    void shortStepsKeepTheirDigits() {
        for (double h : new double[] {1e-7, 1e-5, 1e-3, 0.1, 0.999, 1.001, 3}) {
            double series = h / 6 * (1 - h / 4 * (1 - h / 5 * (1 - h / 6 * (1 - h / 7))));
            assertEquals(series, DpmSteps.phi3(h), series * Math.max(1e-12, Math.pow(h, 5) / 300));
            assertFalse(DpmSteps.phi3(h) >= 0.5);
        }
        assertEquals(0.5 - 2 / 9.0 - Math.exp(-3) / 9, DpmSteps.phi3(3), 1e-15);
    }
}
