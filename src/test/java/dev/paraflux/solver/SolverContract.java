package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What holds for every solver, at the edges of the grids that it takes: from noise alone, with equal and nearly equal
 * levels, in one step, with noise left and without, on every scaling, for every prediction. To be inherited.
 */
abstract class SolverContract {
    /** Distances of two levels in log(sigma / alpha): roundings, and down from a short step. Below 0, out of order. */
    private static final double[] DISTANCES = {-1e-15, 0, 1e-16, 1e-14, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5,
            1e-4, 1e-3};
    private static final double START = 0.7;

    abstract Solver solver();

    /** What models it takes. */
    List<Prediction> predictions() {
        return List.of(Prediction.values());
    }

    /** Whether it takes a grid that begins with noise alone; else it names the row. */
    boolean zeroTerminalSnr() {
        return true;
    }

    /** Grids to try, by scaling; of any number of steps. */
    Map<String, SolverGrids.Family> families() {
        return SolverGrids.families();
    }

    /** How far from the data's mean and deviation it may be after 180 steps. */
    double accuracy() {
        return 0.02;
    }

    /** The least number of steps that it takes. */
    int leastSteps() {
        return 1;
    }

    /** Whether many steps tend to the flow, or with noise to the distribution, of the data. */
    boolean converges() {
        return true;
    }

    /** Whether a row more at an equal level leaves the sample as it is. */
    boolean standsStill() {
        return true;
    }

    /** How far a level close to another may move the sample. */
    double continuity() {
        return 0.05;
    }

    /** The largest sum of the magnitudes of a row's coefficients. */
    double bound() {
        return 300;
    }

    @Test
    void noiseAloneIsTakenOrNamed() {
        assumeTrue(families().containsKey("schedule"));
        for (Prediction prediction : predictions()) {
            for (int steps : new int[] {Math.max(1, leastSteps()), leastSteps() + 1, leastSteps() + 2, 20}) {
                TimeGrid once = TestGrids.zeroTerminalSnr(steps);
                List<NoiseLevel> levels = new ArrayList<>(once.levels());
                levels.add(0, levels.get(0));
                for (TimeGrid grid : List.of(once, new TimeGrid(levels, once.path()))) {
                    if (prediction == Prediction.EPSILON || !zeroTerminalSnr() && grid.steps() > 1) {
                        String message = assertThrows(IllegalArgumentException.class,
                                () -> solver().system(grid, prediction)).getMessage();
                        assertTrue(message.contains("zero terminal SNR"), message);
                    } else {
                        ContractRun.requireBounded(solver().system(grid, prediction), bound(), "zero SNR");
                    }
                }
            }
        }
    }

    @Test
    void nearLevelsAreBoundedAndContinuous() {
        families().forEach((name, family) -> {
            for (int steps : new int[] {Math.max(3, leastSteps()), 12, 20}) {
                TimeGrid plain = family.grid(steps, false);
                double merged = ContractRun.mixture(solver().system(plain, prediction()), START);
                for (int at : new int[] {0, 1, steps / 2, steps - 1, steps}) {
                    for (double distance : DISTANCES) {
                        String where = name + ", " + steps + " steps, row " + at + ", distance " + distance;
                        TimeGrid grid = SolverGrids.withNear(plain, at, distance);
                        TriangularSystem system = solver().system(grid, prediction());
                        ContractRun.requireBounded(system, name.equals("edm") ? 100 * bound() : bound(), where);
                        // With few steps the last ones are of lower order, and which are depends on their number.
                        if (standsStill() && steps == 20) {
                            // A step's noise is the root of its length.
                            double noise = system.noiseRows() == 0 ? 0 : 3 * Math.sqrt(Math.max(0, distance));
                            assertEquals(merged, ContractRun.mixture(system, START), continuity() + noise, where);
                        }
                    }
                }
            }
        });
    }

    @Test
    void gridsOfOneLevelAreStoodStillOn() {
        families().forEach((name, family) -> {
            TimeGrid plain = family.grid(3, false);
            NoiseLevel level = plain.level(1);
            TimeGrid grid = new TimeGrid(List.of(level, level, level, level, level), plain.path());
            TriangularSystem system = solver().system(grid, prediction());
            ContractRun.requireBounded(system, name.equals("edm") ? 100 * bound() : bound(), name);
            if (standsStill()) {
                assertEquals(START, ContractRun.mixture(system, START), 1e-9, name);
            }
        });
    }

    @Test
    void fewerStepsThanTheOrderAreTaken() {
        families().forEach((name, family) -> {
            for (Prediction prediction : predictions()) {
                for (int steps = leastSteps(); steps <= leastSteps() + 4; steps++) {
                    for (boolean toZero : new boolean[] {false, true}) {
                        TimeGrid grid = family.grid(steps, toZero);
                        double sample = ContractRun.mixture(solver().system(grid, prediction), START);
                        assertTrue(Math.abs(sample) < 100, name + ", " + steps + " steps: " + sample);
                    }
                }
            }
        });
    }

    @Test
    void oneStepToNoNoiseIsThePredictedSample() {
        assumeTrue(converges() && leastSteps() == 1);
        families().forEach((name, family) -> {
            for (Prediction prediction : predictions()) {
                TimeGrid grid = family.grid(1, true);
                double expected = DoubleRun.x0(START, grid.level(0));
                assertEquals(expected, ContractRun.mixture(solver().system(grid, prediction), START), 1e-9, name);
            }
        });
    }

    @Test
    void whatIsPredictedDoesNotChangeTheSample() {
        families().forEach((name, family) -> {
            for (boolean toZero : new boolean[] {false, true}) {
                TimeGrid grid = family.grid(9, toZero);
                double expected = ContractRun.mixture(solver().system(grid, prediction()), START);
                for (Prediction prediction : predictions()) {
                    double actual = ContractRun.mixture(solver().system(grid, prediction), START);
                    assertEquals(expected, actual, 1e-9 * Math.max(1, Math.abs(expected)), name + ", " + prediction);
                }
            }
        });
    }

    @Test
    void manyStepsTendToTheClosedFormOfAGaussian() {
        assumeTrue(converges());
        families().forEach((name, family) -> {
            for (boolean toZero : new boolean[] {false, true}) {
                double few = ContractRun.gaussianError(solver(), family.grid(30, toZero), prediction());
                double many = ContractRun.gaussianError(solver(), family.grid(180, toZero), prediction());
                String where = name + ", to zero " + toZero + ": " + few + ", then " + many;
                assertTrue(many < accuracy() && (many < few / 2 || many < 2e-3), where);
            }
        });
    }

    @Test
    void illegalGridsAndPredictionsAreRefusedInOneForm() {
        for (Prediction prediction : Prediction.values()) {
            if (!predictions().contains(prediction)) {
                TimeGrid grid = families().values().iterator().next().grid(6, true);
                assertThrows(IllegalValueException.class, () -> solver().system(grid, prediction));
            }
        }
        SolverGrids.families().forEach((name, family) -> {
            if (!families().containsKey(name)) {
                assertThrows(IllegalValueException.class, () -> solver().system(family.grid(6, true), prediction()));
            }
        });
    }

    private Prediction prediction() {
        return predictions().contains(Prediction.VELOCITY) ? Prediction.VELOCITY : predictions().get(0);
    }
}
