package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Afterwards;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Smooth models, for which it pays: the sequential sample to a tight tolerance, in fewer rounds than there are rows. */
class ConvergenceTest {
    private static final int DIM = 24;
    private static final int STEPS = 60;
    private static final TimeGrid GRID = TestGrids.angles(STEPS, 1.5);

    static List<Arguments> everything() {
        ParaTaa tight = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 1e-5));
        List<Method> methods = List.of(tight, tight.withHistory(1), tight.withHistory(2).withOrder(20),
                tight.withHistory(8).withFirstGuess(FirstGuess.coarse(3)),
                tight.withUnrolling(Unrolling.INTEGRATING_FACTOR).withFirstGuess(FirstGuess.frozenX0()),
                tight.withWindow(20), tight.withTolerance(Tolerance.residual(1e-6, 0)),
                tight.withTolerance(Tolerance.residual(1e-6, 1e-5)).withSafeguard(false),
                Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(1e-5)),
                SparseParaTaa.of(tight), SparseParaTaa.of(tight.withWindow(20)), SparseParaTaa.of(tight).withCap(20),
                SparseParaTaa.of(tight.withHistory(1).withUnrolling(Unrolling.INTEGRATING_FACTOR)));
        List<Arguments> cases = new ArrayList<>();
        for (double weight : new double[] {1, 5}) {
            for (Solver solver : List.of(new Ddim(), new Ddpm(), new DpmSolverPlusPlus(2))) {
                methods.forEach(method -> cases.add(Arguments.of(weight, solver, method)));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("everything")
    void sampleIsTheSequentialOneInFewerRounds(double weight, Solver solver, Method method) {
        Runs runs = new Runs(Afterwards.close(Guidance.of(mixture(), weight)), GRID, solver);
        Request request = Request.seed(4).withLabel(1);
        Sample sample = runs.run(method, request);
        assertTrue(sample.status().isSolved());
        assertEquals(0, Runs.distance(runs.sequential(request), sample.values()), Tolerances.METHOD);
        assertTrue(sample.stats().rounds() < STEPS, sample.stats().toString());
        assertTrue(sample.stats().residual() > 0, "no row was accepted by the tolerance: " + sample.stats());
        assertEquals(sample.stats().evaluations() * (weight == 1 ? 1 : 2), sample.stats().modelRows());
    }

    /** Where a tolerance tells more than it should, a looser one is no cheaper. */
    @Test
    void looserTolerancesCostLessAndAreFurtherOff() {
        Runs runs = new Runs(mixture(), GRID, new Ddim());
        Request request = Request.seed(4);
        float[] sequential = runs.sequential(request);
        int rounds = STEPS;
        double distance = 0;
        for (double tolerance : new double[] {1e-6, 1e-4, 1e-2, 1e-1}) {
            Sample sample = runs.run(ParaTaa.defaults().withTolerance(Tolerance.residual(0, tolerance)), request);
            assertTrue(sample.stats().rounds() < rounds, tolerance + ": " + sample.stats());
            assertTrue(Runs.distance(sequential, sample.values()) > distance, "tolerance " + tolerance);
            rounds = sample.stats().rounds();
            distance = Runs.distance(sequential, sample.values());
        }
    }

    @Test
    void samplesLeaveTheBatchWhenTheyHaveConverged() {
        List<int[]> asked = new ArrayList<>();
        // The greater the label, the harder the model.
        TestDenoisers.Recording model = TestDenoisers.of(DIM, Prediction.EPSILON, (x, level, condition, e) -> {
            int label = ((Condition.Label) condition).label();
            return label == 3 ? Math.sin(40 * x) : 0.3 * label * Math.sin(x + e);
        });
        model.beforeCall(batch -> {
            int[] rows = new int[4];
            for (int i = 0; i < batch.size(); i++) {
                rows[((Condition.Label) batch.condition(i)).label()]++;
            }
            asked.add(rows);
        });
        List<Request> requests = IntStream.range(0, 4).mapToObj(s -> Request.seed(s).withLabel(s)).toList();
        Runs runs = new Runs(model, GRID, new Ddim());
        for (Method method : List.of(ParaTaa.defaults(), ParaTaa.defaults().withWindow(7), SparseParaTaa.defaults(),
                Picard.defaults())) {
            asked.clear();
            List<Sample> samples = runs.run(method, requests);
            List<int[]> together = List.copyOf(asked);
            assertEquals(together.size(), samples.get(3).stats().rounds(), "the hardest one stays to the end");
            assertTrue(samples.get(0).stats().rounds() < samples.get(3).stats().rounds());
            for (int s = 0; s < 4; s++) {
                int label = s;
                int rounds = samples.get(s).stats().rounds();
                for (int call = 0; call < together.size(); call++) {
                    assertEquals(call < rounds, together.get(call)[s] > 0, "sample " + s + ", round " + call);
                }
                assertEquals(samples.get(s).stats().evaluations(),
                        together.stream().mapToInt(rows -> rows[label]).sum());
                Sample alone = runs.run(method, requests.get(s));
                assertEquals(alone.stats().rounds(), rounds);
                assertEquals(alone.stats().updates(), samples.get(s).stats().updates());
                assertArrayEquals(alone.values(), samples.get(s).values(), "sample " + s);
            }
        }
    }

    /** Several rows become final at once; a row further on may look back on more than the last of them. */
    @Test
    void finalRowsThatAreStillLookedBackOnAreEvaluatedOnceMore() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        Runs runs = new Runs(model, GRID, new DpmSolverPlusPlus(2));
        List<Integer> finalRows = new ArrayList<>(List.of(0));
        runs.run(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 1e-2)), List.of(Request.seed(2)),
                RunOptions.defaults().withListener(progress -> finalRows.add(progress.finalRows())));
        int severalAtOnce = 0;
        int first = model.batchSizes().get(0);
        for (int call = 1; call < model.calls(); call++) {
            List<NoiseLevel> asked = model.levels().subList(first, first += model.batchSizes().get(call));
            int last = finalRows.get(call);
            assertTrue(asked.contains(GRID.level(last)), "call " + call);
            if (last - 1 > finalRows.get(call - 1)) {
                severalAtOnce++;
                assertTrue(asked.contains(GRID.level(last - 1)), "call " + call);
            }
        }
        assertTrue(severalAtOnce > 0, finalRows.toString());
    }

    /** It is the present value of the last row under way; the last one is the sample. */
    @Test
    void previewComesNearTheSample() {
        Runs runs = new Runs(mixture(), GRID, new Ddim());
        Request request = Request.seed(9);
        for (Method method : List.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 1e-5)),
                Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(1e-5)))) {
            List<float[]> seen = new ArrayList<>();
            Sample sample = runs.run(method, List.of(request), RunOptions.defaults().withListener(progress -> {
                float[] preview = new float[DIM];
                progress.preview(0, preview);
                seen.add(preview);
            })).get(0);
            assertEquals(sample.stats().rounds(), seen.size());
            assertArrayEquals(sample.values(), seen.get(seen.size() - 1));
            double first = Runs.distance(seen.get(0), sample.values());
            double middle = Runs.distance(seen.get(seen.size() / 2), sample.values());
            double late = Runs.distance(seen.get(seen.size() - 3), sample.values());
            assertTrue(first > middle && middle > late && late < 0.01 * first, first + ", " + middle + ", " + late);
        }
    }

    /** Three well separated components, and a broad one. */
    static Denoiser mixture() {
        Random random = new Random(3);
        List<GaussianMixtureDenoiser.Component> components = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            double[] mean = new double[DIM];
            for (int e = 0; e < DIM; e++) {
                mean[e] = k == 3 ? 0 : 0.8 * random.nextGaussian();
            }
            components.add(new GaussianMixtureDenoiser.Component(1, mean, k == 3 ? 0.7 : 0.3));
        }
        return new GaussianMixtureDenoiser(new int[] {DIM}, components);
    }
}
