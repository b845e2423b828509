package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Row by row against the published steps, whose coefficients are what they make of a 1 among zeros. The models predict
 * what the papers' steps are written in, so that no coefficient is translated.
 */
class DpmSolverCoefficientsTest {
    private static final double RELATIVE = 1e-10;

    static List<TimeGrid> grids() {
        return List.of(TestGrids.linear(40), TestGrids.angles(15, 1.4), MixtureTruth.uniform(30), TimeGrid
                .of(NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), 25, Spacing.LEADING, 1, FinalAlpha.FIRST));
    }

    @ParameterizedTest
    @MethodSource("grids")
    void multistepRowsAreThePublishedOnes(TimeGrid grid) {
        for (int order = 1; order <= 3; order++) {
            TriangularSystem system = new DpmSolverPlusPlus(order).system(grid, Prediction.SAMPLE);
            assertEquals(grid.steps(), system.rows());
            assertEquals(0, system.noiseRows());
            for (int i = 1; i <= grid.steps(); i++) {
                int row = i;
                int rowOrder = grid.level(i).sigma() == 0 ? 1 : Math.min(order, i);
                requireRow(system, i, i - 1, new double[] {multistep(grid, row, rowOrder, 1, 0, 0, 0)},
                        new double[] {multistep(grid, row, rowOrder, 0, 1, 0, 0),
                                multistep(grid, row, rowOrder, 0, 0, 1, 0), multistep(grid, row, rowOrder, 0, 0, 0, 1)},
                        0);
            }
        }
    }

    private static double multistep(TimeGrid grid, int i, int order, double x, double m0, double m1, double m2) {
        NoiseLevel t = grid.level(i);
        NoiseLevel s0 = grid.level(i - 1);
        return switch (order) {
            case 1 -> PublishedDpmSolvers.firstOrder(x, m0, t, s0);
            case 2 -> PublishedDpmSolvers.secondOrder(x, m0, m1, t, s0, grid.level(i - 2));
            default -> PublishedDpmSolvers.thirdOrder(x, m0, m1, m2, t, s0, grid.level(i - 2), grid.level(i - 3));
        };
    }

    @ParameterizedTest
    @MethodSource("grids")
    void stochasticRowsAreThePublishedOnes(TimeGrid grid) {
        TriangularSystem system = new SdeDpmSolverPlusPlus().system(grid, Prediction.SAMPLE);
        assertEquals(grid.steps(), system.rows());
        for (int i = 1; i <= grid.steps(); i++) {
            boolean first = i == 1 || grid.level(i).sigma() == 0;
            requireRow(system, i, i - 1, new double[] {stochastic(grid, i, first, 1, 0, 0, 0)},
                    new double[] {stochastic(grid, i, first, 0, 1, 0, 0), stochastic(grid, i, first, 0, 0, 1, 0)},
                    stochastic(grid, i, first, 0, 0, 0, 1));
            assertEquals(grid.level(i).sigma() > 0, system.noise(i) > 0, "noise of row " + i);
        }
    }

    private static double stochastic(TimeGrid grid, int i, boolean first, double x, double m0, double m1,
            double noise) {
        return first ? PublishedDpmSolvers.sdeFirstOrder(x, m0, noise, grid.level(i), grid.level(i - 1))
                : PublishedDpmSolvers.sdeSecondOrder(x, m0, m1, noise, grid.level(i), grid.level(i - 1),
                        grid.level(i - 2));
    }

    /** Algorithm 1 of arXiv 2206.00927: the full row takes the stage's eps alone. */
    @ParameterizedTest
    @MethodSource("grids")
    void singlestepRowsInEpsilonAreThePublishedOnes(TimeGrid grid) {
        TriangularSystem system = new DpmSolver2().system(grid, Prediction.EPSILON);
        boolean toZero = grid.level(grid.steps()).sigma() == 0;
        assertEquals(2 * grid.steps() - (toZero ? 1 : 0), system.rows());
        for (int i = 1; i <= grid.steps() - (toZero ? 1 : 0); i++) {
            int full = 2 * (i - 1);
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            NoiseLevel stage = requireMiddle(system.level(full + 1), from, to);
            requireRow(system, full + 1, full,
                    new double[] {PublishedDpmSolvers.firstOrderOfEpsilon(1, 0, stage, from)},
                    new double[] {PublishedDpmSolvers.firstOrderOfEpsilon(0, 1, stage, from)}, 0);
            requireRow(system, full + 2, full, new double[] {PublishedDpmSolvers.firstOrderOfEpsilon(1, 0, to, from)},
                    new double[] {PublishedDpmSolvers.firstOrderOfEpsilon(0, 1, to, from), 0}, 0);
        }
    }

    /** Algorithm 1 of arXiv 2211.01095 with r = 1/2, where D is the stage's x0 alone. */
    @ParameterizedTest
    @MethodSource("grids")
    void singlestepRowsInX0AreThePublishedOnes(TimeGrid grid) {
        TriangularSystem system = new DpmSolverPlusPlus2S().system(grid, Prediction.SAMPLE);
        boolean toZero = grid.level(grid.steps()).sigma() == 0;
        assertEquals(2 * grid.steps() - (toZero ? 1 : 0), system.rows());
        for (int i = 1; i <= grid.steps() - (toZero ? 1 : 0); i++) {
            int full = 2 * (i - 1);
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            NoiseLevel stage = requireMiddle(system.level(full + 1), from, to);
            requireRow(system, full + 1, full, new double[] {PublishedDpmSolvers.firstOrder(1, 0, stage, from)},
                    new double[] {PublishedDpmSolvers.firstOrder(0, 1, stage, from)}, 0);
            requireRow(system, full + 2, full, new double[] {PublishedDpmSolvers.firstOrder(1, 0, to, from)},
                    new double[] {PublishedDpmSolvers.firstOrder(0, 1, to, from), 0}, 0);
        }
    }

    private static NoiseLevel requireMiddle(NoiseLevel stage, NoiseLevel from, NoiseLevel to) {
        double middle = 0.5 * (PublishedDpmSolvers.lambda(from) + PublishedDpmSolvers.lambda(to));
        assertEquals(middle, PublishedDpmSolvers.lambda(stage), RELATIVE * (1 + Math.abs(middle)));
        assertEquals(1, stage.alpha() * stage.alpha() + stage.sigma() * stage.sigma(), RELATIVE);
        assertTrue(stage.time() <= from.time() && stage.time() >= to.time(), stage + " after " + from);
        return stage;
    }

    /**
     * The model's outputs are those of the row before (for a full row after a stage: of the stage), then further back.
     */
    private static void requireRow(TriangularSystem system, int i, int parent, double[] states, double[] predictions,
            double noise) {
        RecordedRow row = new RecordedRow(system, i);
        assertEquals(parent, system.parent(i));
        assertClose(states[0], row.ofState(parent), "a of row " + i);
        for (int k = 0; k < predictions.length; k++) {
            assertClose(predictions[k], row.ofPrediction(i - 1 - k), "m" + (i - 1 - k) + " of row " + i);
        }
        assertClose(noise, system.noise(i), "c of row " + i);
        TreeSet<Integer> known = new TreeSet<>(row.predictions.keySet());
        known.removeIf(j -> j > i - 1 - predictions.length);
        assertTrue(known.isEmpty() && row.states.size() == 1, "other terms in row " + i + ": " + row.order);
    }

    private static void assertClose(double expected, double found, String what) {
        assertEquals(expected, found, RELATIVE * Math.abs(expected), what);
    }
}
