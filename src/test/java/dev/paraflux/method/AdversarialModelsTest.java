package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models for which looking ahead is of no use: whatever they do to the rows under way, there are never more rounds than
 * rows, and without a tolerance the sample has the bits of forward substitution.
 */
class AdversarialModelsTest {
    private static final int DIM = 5;
    private static final Request REQUEST = Request.seed(17);

    enum Model implements Supplier<TestDenoisers.Recording> {
        STEEP {
            @Override
            public TestDenoisers.Recording get() {
                return TestDenoisers.steep(DIM, 50);
            }
        },
        SCATTERED {
            @Override
            public TestDenoisers.Recording get() {
                return TestDenoisers.scattered(DIM);
            }
        },
        JUMPING {
            @Override
            public TestDenoisers.Recording get() {
                return TestDenoisers.jumping(DIM);
            }
        }
    }

    static List<Arguments> modelsAndSteps() {
        List<Arguments> cases = new ArrayList<>();
        for (Model model : Model.values()) {
            for (int steps : new int[] {10, 37, 100}) {
                cases.add(Arguments.of(model, steps));
            }
        }
        return cases;
    }

    private static List<Method> methods(double tolerance) {
        ParaTaa all = ParaTaa.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.residual(0, tolerance));
        return List.of(Picard.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.steps(tolerance)),
                Picard.defaults().withWindow(7).withTolerance(Tolerance.steps(tolerance)),
                all, all.withHistory(8).withRidge(0).withFirstGuess(FirstGuess.frozenX0()),
                all.withOrder(1).withHistory(1), all.withOrder(20).withHistory(2),
                all.withOrder(3).withUnrolling(Unrolling.INTEGRATING_FACTOR).withFirstGuess(FirstGuess.coarse(4)),
                all.withWindow(13).withOrder(2).withHistory(5), all.withWindow(4).withHistory(2),
                all.withWindow(6).withHistory(8).withFirstGuess(FirstGuess.coarse(9)), SparseParaTaa.of(all),
                SparseParaTaa.of(all.withWindow(13).withHistory(8)).withDensity(5),
                SparseParaTaa.of(all).withDensity(1).withTheta(10).withKappa(0.1),
                SparseParaTaa.of(all.withHistory(1)).withCap(24));
    }

    @ParameterizedTest
    @MethodSource("modelsAndSteps")
    void withoutToleranceTheSampleHasTheBitsOfForwardSubstitutionInAsManyRoundsAsRows(Model model, int steps) {
        for (Solver solver : List.of(new Ddim(), new Ddpm())) {
            float[] expected = runs(model, steps, solver).sequential(REQUEST);
            for (Method method : methods(0)) {
                Sample sample = runs(model, steps, solver).run(method, REQUEST);
                assertEquals(Status.COMPLETED, sample.status(), method + ": " + sample.message());
                assertTrue(sample.stats().rounds() <= steps, method + ": " + sample.stats());
                assertArrayEquals(expected, sample.values(), method.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndSteps")
    void withAToleranceThereAreNeverMoreRoundsThanRowsEither(Model model, int steps) {
        for (Method method : methods(1e-3)) {
            Sample sample = runs(model, steps, new Ddim()).run(method, REQUEST);
            assertTrue(sample.status().isSolved(), method + ": " + sample.message());
            assertTrue(sample.stats().rounds() <= steps, method + ": " + sample.stats());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 37, 100})
    void multistepTablesAreNoExceptions(int steps) {
        for (Model model : Model.values()) {
            // Heun's factors here have no meaning: with the steep model it leaves the floats' range by itself.
            for (Solver solver : List.of(model == Model.STEEP ? new Ddim(0.3) : new HeunLike(),
                    new DpmSolverPlusPlus(2))) {
                Runs runs = runs(model, steps, solver);
                int rows = solver.system(runs.grid(), runs.model().prediction()).rows();
                float[] expected = runs.sequential(REQUEST);
                for (Method method : methods(0)) {
                    Sample sample = runs(model, steps, solver).run(method, REQUEST);
                    assertTrue(sample.stats().rounds() <= rows, method + ": " + sample.stats());
                    assertArrayEquals(expected, sample.values(), solver + ", " + method);
                }
            }
        }
    }

    /** Rows under way leave the floats' range on their way; forward substitution never does. */
    @ParameterizedTest
    @MethodSource("overflowing")
    void rowsThatOverflowUnderWayRecover(Method method) {
        int steps = 100;
        Runs runs = runs(Model.STEEP, steps, new Ddim());
        float[] ones = new float[DIM];
        Arrays.fill(ones, 1);
        float[][] rows = ForwardSubstitution.solve(runs.solver().system(runs.grid(), runs.model().prediction()),
                runs.model(), Condition.none(), ones, null);
        float largest = 0;
        for (float[] row : rows) {
            largest = Math.max(largest, 50 * Math.abs(row[0]));
        }
        // The model is linear: its largest prediction in forward substitution comes close to the largest float.
        float[] start = new float[DIM];
        Arrays.fill(start, 1e37f / largest);
        Request request = Request.seed(1).withStart(start);
        float[] expected = runs.sequential(request);
        NonFiniteStates seen = new NonFiniteStates();
        TestDenoisers.Recording model = Model.STEEP.get().beforeCall(seen::count);
        Sample sample = new Runs(model, runs.grid(), runs.solver()).run(method, request);
        assertTrue(seen.count + sample.stats().updates().nonFinite() > 0, "nothing overflowed: " + sample.stats());
        assertEquals(Status.COMPLETED, sample.status(), sample.message());
        assertTrue(sample.stats().rounds() <= steps, sample.stats().toString());
        assertArrayEquals(expected, sample.values());
    }

    static List<Method> overflowing() {
        ParaTaa all = ParaTaa.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.residual(0, 0));
        SparseParaTaa sparse = SparseParaTaa.of(all);
        return List.of(Picard.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.steps(0)), all.withHistory(1),
                all.withHistory(8),
                all.withOrder(10), all.withWindow(60).withHistory(2), sparse.withParaTaa(all.withHistory(1)),
                sparse.withParaTaa(all.withHistory(8)).withDensity(1e9));
    }

    /** A model that fails for some rounds, at rows that are not final yet, and works again before they are. */
    @Test
    void rowsThatTheModelSpoilsUnderWayRecover() {
        for (float spoiled : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE}) {
            for (int history : new int[] {1, 2, 3, 8}) {
                Spoiler spoiler = new Spoiler(2, 5);
                TestDenoisers.Recording model = TestDenoisers.bent(DIM).spoilWith(spoiled);
                model.beforeCall(spoiler::count).spoil((level, condition) -> spoiler.now() && level.time() < 600);
                ParaTaa dense = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0)).withHistory(history)
                        .withOrder(4);
                for (Method method : List.of(dense, SparseParaTaa.of(dense), SparseParaTaa.of(dense).withDensity(4))) {
                    for (Solver solver : List.of(new Ddim(), new HeunLike())) {
                        spoiler.calls = 0;
                        Runs runs = new Runs(model, TestGrids.angles(20, 1.4), solver);
                        Sample sample = runs.run(method, REQUEST);
                        assertEquals(Status.COMPLETED, sample.status(), sample.message());
                        assertTrue(spoiled == Float.MAX_VALUE || sample.stats().updates().nonFinite() > 0,
                                solver + ", " + method + ": " + sample.stats());
                        spoiler.calls = 100;
                        assertArrayEquals(runs.sequential(REQUEST), sample.values(), solver + ", " + method);
                    }
                }
            }
        }
    }

    private static Runs runs(Model model, int steps, Solver solver) {
        return new Runs(model.get(), TestGrids.angles(steps, 1.4), solver);
    }

    /** Counts the rows that a model was asked at where a value is not finite. */
    private static final class NonFiniteStates {
        int count;

        void count(Batch batch) {
            float[] x = new float[DIM];
            for (int i = 0; i < batch.size(); i++) {
                batch.states().read(batch.stateRow(i), x);
                for (float value : x) {
                    count += Float.isFinite(value) ? 0 : 1;
                }
            }
        }
    }

    /** Spoils the calls from {@code first} to {@code last}. */
    private static final class Spoiler {
        final int first;
        final int last;
        int calls;

        Spoiler(int first, int last) {
            this.first = first;
            this.last = last;
        }

        void count(Batch batch) {
            calls++;
        }

        boolean now() {
            return calls >= first && calls <= last;
        }
    }
}
