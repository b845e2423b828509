package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.method.Trajectory;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.LateModel;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that start from the rows of an earlier one. */
class WarmStartTest {
    private static final int DIM = 13;
    private static final int STEPS = 40;
    private static final TimeGrid GRID = TestGrids.angles(STEPS, 1.4);
    private static final ParaTaa TIGHT = ParaTaa.defaults().withWindow(ParaTaa.ALL)
            .withTolerance(Tolerance.values(1e-5));
    private static final Request THREE = Request.seed(8).withLabel(3);

    static List<Solver> solvers() {
        return List.of(new Ddim(), new Ddim(0.5), new DpmSolverPlusPlus(2), new HeunLike(), new StagedTwoStep(),
                new LateModel());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void sameConditionGivesTheSameSampleInClearlyFewerRounds(Solver solver) {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, solver);
        Sample scratch = kept(runs, TIGHT, THREE);
        int rows = scratch.trajectory().rows();
        for (int variation : new int[] {1, 2, 3, rows / 2, rows}) {
            Sample again = runs.run(from(scratch, variation), THREE);
            assertTrue(again.status().isSolved());
            assertEquals(0, Runs.distance(scratch.values(), again.values()), Tolerances.METHOD);
            assertTrue(again.stats().rounds() <= variation, again.stats().toString());
            assertTrue(2 * again.stats().rounds() < scratch.stats().rounds(),
                    variation + " rows: " + again.stats() + " after " + scratch.stats());
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void otherConditionSolvesTheLastRowsFromTheOldOnes(Solver solver) {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, solver);
        TriangularSystem system = solver.system(GRID, runs.model().prediction());
        Request eight = THREE.withLabel(8).withRowNoise(rowNoise(system.rows()));
        Sample three = kept(runs, TIGHT, THREE.withRowNoise(eight.rowNoise()));
        for (int variation : new int[] {1, 2, 5, system.rows() / 2, system.rows() - 1, system.rows()}) {
            float[][] known = Arrays.copyOf(rows(three.trajectory()), system.rows() - variation + 1);
            float[][] expected = ForwardSubstitution.continueFrom(system, runs.model(), eight.condition(), known,
                    eight.rowNoise());
            for (int window : new int[] {1, 2, 5, 17, ParaTaa.ALL}) {
                ParaTaa method = from(three, variation).withWindow(window).withTolerance(Tolerance.residual(0, 0));
                Sample sample = runs.run(method, eight);
                String what = variation + " rows, window " + window;
                assertEquals(Status.COMPLETED, sample.status(), what);
                assertTrue(sample.stats().rounds() <= variation, what + ": " + sample.stats());
                assertArrayEquals(expected[system.rows()], sample.values(), what);
            }
            float[] near = runs.run(from(three, variation), eight).values();
            assertEquals(0, Runs.distance(expected[system.rows()], near), Tolerances.METHOD);
        }
    }

    /** Else a chain of variations would begin from rows of whatever ran before. */
    @ParameterizedTest
    @MethodSource("solvers")
    void trajectoryOfAWarmStartHasTheOldRowsBelowTheVariation(Solver solver) {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, solver);
        Sample three = kept(runs, TIGHT, THREE);
        Sample eight = kept(runs, from(three, 10), THREE.withLabel(8));
        float[][] old = rows(three.trajectory());
        float[][] rows = rows(eight.trajectory());
        for (int i = 0; i <= old.length - 1 - 10; i++) {
            assertArrayEquals(old[i], rows[i], "row " + i);
        }
        assertArrayEquals(eight.values(), rows[old.length - 1]);
        float[] back = runs.run(from(eight, 10), THREE).values();
        assertEquals(0, Runs.distance(three.values(), back), Tolerances.METHOD, "there and back");
    }

    @Test
    void trajectoryIsOnlyThereWhereItWasKept() {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, new Ddim());
        String message = "no trajectory: ask for it with RunOptions.withTrajectories(), of a method whose window covers"
                + " all rows";
        for (Sample sample : List.of(runs.run(TIGHT, THREE), kept(runs, TIGHT.withWindow(STEPS - 1), THREE),
                kept(runs, TIGHT.withWindow(1), THREE), kept(runs, new Sequential(), THREE))) {
            assertEquals(message, assertThrows(IllegalStateException.class, sample::trajectory).getMessage());
        }
        for (Method method : List.of(TIGHT.withWindow(STEPS), TIGHT.withMaxRounds(1),
                Picard.defaults().withWindow(STEPS).withTolerance(Tolerance.steps(1e-3)))) {
            Trajectory trajectory = kept(runs, method, THREE).trajectory();
            assertEquals(STEPS, trajectory.rows());
            assertEquals(DIM, trajectory.dim());
            assertEquals(GRID.levels(), trajectory.levels());
        }
    }

    /** Its window does not cover all rows, even if what it looks back on does. */
    @Test
    void trajectoryOfAnUnfinishedWindowIsNotThere() {
        Runs runs = new Runs(TestDenoisers.bent(DIM), TestGrids.angles(4, 1.4), new StagedTwoStep());
        Sample sample = kept(runs, TIGHT.withWindow(8).withMaxRounds(1), THREE);
        assertEquals(Status.ROUND_LIMIT, sample.status());
        assertThrows(IllegalStateException.class, sample::trajectory);
    }

    @Test
    void variationsOutsideTheRowsAreRefused() {
        Trajectory trajectory = kept(new Runs(TestDenoisers.bent(DIM), GRID, new Ddim()), TIGHT, THREE).trajectory();
        for (int rows : new int[] {0, -1, STEPS + 1, Integer.MAX_VALUE}) {
            String message = assertThrows(IllegalArgumentException.class, () -> FirstGuess.warmStart(trajectory, rows))
                    .getMessage();
            assertEquals("variationRows " + rows + ": must be 1 to " + STEPS, message);
        }
        assertThrows(NullPointerException.class, () -> FirstGuess.warmStart(null, 1));
    }

    @Test
    void trajectoriesOfOtherProblemsAreRefused() {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, new Ddim());
        refused("number of values of a row of the warm start 7: must be 13", runs,
                new Runs(TestDenoisers.bent(7), GRID, new Ddim()));
        refused("number of rows of the warm start 20: must be 40", runs,
                new Runs(TestDenoisers.bent(DIM), TestGrids.angles(20, 1.4), new Ddim()));
        refused("number of rows of the warm start 80: must be 40", runs,
                new Runs(TestDenoisers.bent(DIM), GRID, new HeunLike()));
        TimeGrid other = TestGrids.angles(STEPS, 1.3);
        refused(new IllegalValueException("level of row 0 of the warm start", other.level(0),
                GRID.level(0).toString()).getMessage(), runs,
                new Runs(TestDenoisers.bent(DIM), other, new Ddim()));
    }

    @Test
    void levelsThatDifferByARoundingAreThoseOfTheProblem() {
        List<NoiseLevel> rounded = GRID.levels().stream().map(level -> new NoiseLevel(level.time() * (1 + 1e-14),
                level.alpha() * (1 - 1e-14), level.sigma() * (1 + 1e-14))).toList();
        float[] values = new float[rounded.size() * DIM];
        new Trajectory(rounded, values).requireFits(new Ddim().system(GRID, Prediction.EPSILON), DIM);
        List<NoiseLevel> later = GRID.levels().stream()
                .map(level -> new NoiseLevel(level.time() + 1, level.alpha(), level.sigma())).toList();
        assertThrows(IllegalValueException.class, () -> new Trajectory(later, values)
                .requireFits(new Ddim().system(GRID, Prediction.EPSILON), DIM));
    }

    private static void refused(String message, Runs runs, Runs other) {
        ParaTaa method = from(kept(other, TIGHT, THREE), 10);
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> runs.run(method, THREE)).getMessage());
    }

    private static ParaTaa from(Sample previous, int variationRows) {
        return TIGHT.withFirstGuess(FirstGuess.warmStart(previous.trajectory(), variationRows));
    }

    private static Sample kept(Runs runs, Method method, Request request) {
        return runs.run(method, List.of(request), RunOptions.defaults().withTrajectories()).get(0);
    }

    private static float[][] rows(Trajectory trajectory) {
        float[][] rows = new float[trajectory.rows() + 1][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(trajectory.values(), i * DIM, (i + 1) * DIM);
        }
        return rows;
    }

    private static float[] rowNoise(int rows) {
        Random random = new Random(5);
        float[] noise = new float[rows * DIM];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }
}
