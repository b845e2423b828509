package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.CoarseStep;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that lead every core but the exact one astray, or out of the floats' range: it gets there all the same. */
class AdversarialCoresTest {
    private static final int DIM = 5;
    private static final Request REQUEST = Request.seed(17);

    private static List<Method> methods(StopRule rule) {
        Srds srds = Srds.defaults().withStop(rule);
        return List.of(srds, srds.withBlocks(1), srds.withBlocks(7), srds.withBlocks(10),
                Chords.ofCores(4).withStop(rule), Chords.ofCores(20).withStop(rule));
    }

    static List<Arguments> modelsAndSteps() {
        List<Arguments> cases = new ArrayList<>();
        for (AdversarialModelsTest.Model model : AdversarialModelsTest.Model.values()) {
            for (int steps : new int[] {10, 37, 100}) {
                cases.add(Arguments.of(model, steps));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("modelsAndSteps")
    void withoutToleranceTheSampleHasTheBitsOfForwardSubstitution(AdversarialModelsTest.Model model, int steps) {
        for (Solver solver : List.of(new Ddim(), new Ddpm(), new DpmSolverUpTo(2))) {
            Runs runs = new Runs(model.get(), grid(steps), solver);
            float[] expected = runs.sequential(REQUEST);
            for (Method method : methods(StopRule.values(0))) {
                Sample sample = runs.run(method, REQUEST);
                assertEquals(Status.COMPLETED, sample.status(), method + ": " + sample.message());
                assertTrue(sample.stats().rounds() <= steps, method + ": " + sample.stats());
                assertArrayEquals(expected, sample.values(), method.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndSteps")
    void withAToleranceThereAreNeverMoreRoundsThanRowsEither(AdversarialModelsTest.Model model, int steps) {
        for (Method method : methods(StopRule.pixels(0.1))) {
            Sample sample = new Runs(model.get(), grid(steps), new Ddim()).run(method, REQUEST);
            assertTrue(sample.status().isSolved(), method + ": " + sample.message());
            assertTrue(sample.stats().rounds() <= steps, method + ": " + sample.stats());
        }
    }

    /** Small steps of a steep model calm down where large ones do not. What is not a number meets no tolerance. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e30})
    void coarseStepsThatOverflowDoNotReachTheExactCore(double tolerance) {
        int steps = 100;
        TestDenoisers.Recording steep = TestDenoisers.steep(DIM, 50);
        float[] ones = new float[DIM];
        Arrays.fill(ones, 1);
        float[][] rows = ForwardSubstitution.solve(new Ddim().system(grid(steps), Prediction.EPSILON), steep,
                Condition.none(), ones, null);
        float largest = 0;
        for (float[] row : rows) {
            largest = Math.max(largest, 50 * Math.abs(row[0]));
        }
        // The model is linear: its largest prediction in forward substitution comes close to the largest float.
        float[] start = new float[DIM];
        Arrays.fill(start, 1e37f / largest);
        Request request = Request.seed(1).withStart(start);
        float[] expected = new Runs(steep, grid(steps), new Ddim()).sequential(request);
        int overflowing = 0;
        for (Method method : methods(StopRule.values(tolerance))) {
            List<Integer> notFinite = new ArrayList<>();
            TestDenoisers.Recording model = TestDenoisers.steep(DIM, 50)
                    .beforeCall(batch -> notFinite.add(countNotFinite(batch)));
            Sample sample = new Runs(model, grid(steps), new Ddim()).run(method, request);
            assertEquals(Status.COMPLETED, sample.status(), sample.message());
            assertTrue(sample.stats().rounds() <= steps, sample.stats().toString());
            if (notFinite.stream().anyMatch(count -> count > 0)) {
                overflowing++;
                assertArrayEquals(expected, sample.values(), method.toString());
                assertEquals(0, sample.stats().residual());
            }
        }
        assertTrue(overflowing >= 3, overflowing + " methods overflowed");
    }

    @Test
    void notANumberAtAnyRowOfTheExactCoreIsNamed() {
        int steps = 12;
        for (int row = 0; row < steps; row++) {
            double time = grid(steps).level(row).time();
            for (Method method : List.of(Srds.defaults().withStop(StopRule.pixels(0)),
                    Srds.defaults().withStop(StopRule.pixels(0)).withPipelined(false),
                    Srds.defaults().withBlocks(12).withStop(StopRule.pixels(0.1)),
                    Chords.ofCores(4).withStop(StopRule.pixels(0.1)))) {
                TestDenoisers.Recording model = TestDenoisers.bent(DIM)
                        .spoil((level, condition) -> level.time() == time);
                Sample sample = new Runs(model, grid(steps), new Ddim()).run(method, REQUEST);
                assertEquals(Status.NON_FINITE, sample.status(), method.toString());
                String named = ", at row " + row + " (time " + time + ")";
                assertTrue(sample.message().contains(named), row + ": " + sample.message());
            }
        }
    }

    /** Rows that fail at first, for cores that are ahead, and work when the exact core comes there. */
    @Test
    void valuesThatAreSpoiledAheadDoNotReachTheExactCore() {
        int steps = 20;
        for (float spoiled : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE}) {
            for (double tolerance : new double[] {0, 1e-3}) {
                // Not pixels: those of two samples far off to the same side are alike.
                for (Method method : methods(StopRule.values(tolerance))) {
                    TestDenoisers.Recording model = TestDenoisers.bent(DIM).spoilWith(spoiled);
                    Runs runs = new Runs(model, grid(steps), new Ddim());
                    float[] expected = runs.sequential(REQUEST);
                    int before = model.calls();
                    double exact = 1000 * 1.4 * (steps - 9.5) / steps;
                    model.spoil((level, condition) -> model.calls() - before <= 9 && level.time() < exact);
                    Sample sample = runs.run(method, REQUEST);
                    assertEquals(Status.COMPLETED, sample.status(), sample.message());
                    assertTrue(sample.stats().rounds() <= steps);
                    // With a tolerance a run may end before the exact core does, but not because of what was spoiled.
                    float allowed = tolerance == 0 ? 0 : 1e-3f;
                    assertArrayEquals(expected, sample.values(), allowed, spoiled + ", " + method);
                }
            }
        }
    }

    @Test
    void refinementsThatEndNotFiniteHaveNoValues() {
        int steps = 20;
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        model.spoil((level, condition) -> model.calls() == 2);
        Sample sample = new Runs(model, grid(steps), new Ddim())
                .run(Srds.defaults().withBlocks(4).withStop(StopRule.pixels(1000)).withMaxRefinements(1), REQUEST);
        // All rows of the call are spoiled, one of the exact core among them.
        assertEquals(Status.NON_FINITE, sample.status());
        double first = grid(steps).level(5).time();
        TestDenoisers.Recording ahead = TestDenoisers.bent(DIM)
                .spoil((level, condition) -> level.time() <= first);
        Sample limited = new Runs(ahead, grid(steps), new Ddim())
                .run(Srds.defaults().withBlocks(4).withStop(StopRule.pixels(1000)).withMaxRefinements(1), REQUEST);
        assertEquals(Status.NON_FINITE, limited.status(), "a change that is not a number is not below 1000");
    }

    /** With blocks of one row the second core stands where the exact one comes, in the same round, with a guess. */
    @Test
    void aGuessAtTheRowOfTheExactCoreIsStillAGuess() {
        int steps = 12;
        TestDenoisers.Recording model = TestDenoisers.of(DIM, Prediction.EPSILON,
                (x, level, condition, e) -> Math.abs(x) > 1e6 ? Double.NaN : 0.5 * Math.tanh(x));
        Solver wild = (levels, prediction) -> {
            var rows = new TriangularSystem.Builder(levels.level(0), prediction);
            for (int i = 1; i <= levels.steps(); i++) {
                rows.row(levels.level(i), i - 1).state(i - 1, 1e9);
            }
            return rows.build();
        };
        Runs runs = new Runs(model, grid(steps), new Ddim());
        for (int blocks : new int[] {3, 6, steps}) {
            Method method = Srds.defaults().withBlocks(blocks).withCoarse(CoarseStep.by(wild))
                    .withStop(StopRule.values(0));
            Sample sample = runs.run(method, REQUEST);
            assertEquals(Status.COMPLETED, sample.status(), sample.message());
            assertArrayEquals(runs.sequential(REQUEST), sample.values());
        }
    }

    private static int countNotFinite(Batch batch) {
        int count = 0;
        float[] x = new float[DIM];
        for (int i = 0; i < batch.size(); i++) {
            batch.states().read(batch.stateRow(i), x);
            for (float value : x) {
                count += Float.isFinite(value) ? 0 : 1;
            }
        }
        return count;
    }

    private static TimeGrid grid(int steps) {
        return TestGrids.angles(steps, 1.4);
    }
}
