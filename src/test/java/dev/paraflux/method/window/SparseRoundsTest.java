package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Runs;
import dev.paraflux.method.Trajectory;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sparse rounds against the listing in plain doubles, and what they are for: fewer evaluations, in as many rounds. */
class SparseRoundsTest {
    private static final int DIM = 24;
    private static final Request REQUEST = Request.seed(4).withLabel(1);

    /** Curved in time and state, and another curve for each element. */
    private static double epsilon(double x, NoiseLevel level, int e) {
        return x * level.sigma() + level.alpha() * Math.sin(2 * x + e) / (1 + e % 5);
    }

    private static double output(Prediction prediction, double x, NoiseLevel level, int e) {
        double epsilon = epsilon(x, level, e);
        double x0 = (x - level.sigma() * epsilon) / level.alpha();
        return prediction.outputOfX0(level) * x0 + prediction.outputOfEpsilon(level) * epsilon;
    }

    @ParameterizedTest
    @CsvSource({"EPSILON, 40, 1, DRIFT", "EPSILON, 100, 2, GAUSSIAN", "EPSILON, 250, 3, DRIFT",
            "VELOCITY, 120, 3, DRIFT", "FLOW, 60, 3, DRIFT", "SAMPLE, 150, 2, GAUSSIAN", "SAMPLE, 150, 2, DRIFT"})
    void nodesAndSampleAreThoseOfTheListing(Prediction prediction, int steps, int history, Unrolling unrolling) {
        TimeGrid grid = TestGrids.angles(steps, 1.4);
        SparseParaTaa method = SparseParaTaa.of(ParaTaa.defaults().withHistory(history).withUnrolling(unrolling)
                .withTolerance(Tolerance.residual(0, 1e-3)));
        TestDenoisers.Recording model = TestDenoisers.of(DIM, prediction,
                (x, level, condition, e) -> output(prediction, x, level, e));
        float[] start = new float[DIM];
        double[] exactStart = new double[DIM];
        Random random = new Random(9);
        for (int e = 0; e < DIM; e++) {
            start[e] = (float) random.nextGaussian();
            exactStart[e] = start[e];
        }
        Sample sample = new Runs(model, grid, new Ddim()).run(method, REQUEST.withStart(start));
        TriangularSystem system = new Ddim().system(grid, prediction);
        SparseOracle oracle = new SparseOracle(method, system, (x, level) -> IntStream.range(0, DIM)
                .mapToDouble(e -> prediction.x0OfState(level) * x[e]
                        + prediction.x0OfOutput(level) * output(prediction, x[e], level, e))
                .toArray(), exactStart);
        double[] expected = oracle.solve();
        assertEquals(oracle.nodes, nodes(model, system), prediction + ", " + steps);
        assertEquals(steps, oracle.finals.get(oracle.finals.size() - 1));
        for (int e = 0; e < DIM; e++) {
            assertEquals(expected[e], sample.values()[e], 1e-4, "element " + e);
        }
        int evaluations = oracle.nodes.stream().mapToInt(List::size).sum();
        assertTrue(evaluations < 0.9 * oracle.nodes.size() * steps, evaluations + " evaluations");
    }

    /** The rows of each call. */
    private static List<List<Integer>> nodes(TestDenoisers.Recording model, TriangularSystem system) {
        List<Integer> rows = new ArrayList<>();
        for (NoiseLevel level : model.levels()) {
            rows.add(IntStream.range(0, system.rows()).filter(i -> system.level(i).equals(level)).findFirst()
                    .getAsInt());
        }
        List<List<Integer>> rounds = new ArrayList<>();
        int first = 0;
        for (int size : model.batchSizes()) {
            rounds.add(rows.subList(first, first + size));
            first += size;
        }
        return rounds;
    }

    /** As the full window in rounds, or two more until the last row is settled too, at fewer evaluations. */
    @ParameterizedTest
    @CsvSource({"60, 0", "120, 0", "240, 0", "120, 1"})
    void evaluationsAreSavedAndRoundsAreNotLost(int steps, double eta) {
        Runs runs = new Runs(mixture(), TestGrids.angles(steps, 1.5), new Ddim(eta));
        ParaTaa all = ParaTaa.defaults().withWindow(ParaTaa.ALL);
        float[] sequential = runs.sequential(REQUEST);
        Sample dense = runs.run(all, REQUEST);
        Sample sparse = runs.run(SparseParaTaa.of(all), REQUEST);
        assertEquals(Status.CONVERGED, sparse.status());
        assertEquals(0, Runs.distance(sequential, sparse.values()), Tolerances.METHOD);
        assertTrue(sparse.stats().rounds() <= dense.stats().rounds() + 2, sparse.stats() + ", " + dense.stats());
        assertTrue(sparse.stats().evaluations() < 0.9 * dense.stats().evaluations(),
                sparse.stats() + ", " + dense.stats());
    }

    /** Three separated components, and a broad one. */
    private static Denoiser mixture() {
        Random random = new Random(3);
        return new GaussianMixtureDenoiser(new int[] {DIM}, IntStream.range(0, 4)
                .mapToObj(k -> new GaussianMixtureDenoiser.Component(1,
                        IntStream.range(0, DIM).mapToDouble(e -> k == 3 ? 0 : 0.8 * random.nextGaussian()).toArray(),
                        k == 3 ? 0.7 : 0.3))
                .toList());
    }

    @Test
    void noRoundHasMoreNodesThanTheCap() {
        for (int cap : new int[] {16, 17, 40}) {
            TestDenoisers.Recording model = TestDenoisers.bent(DIM);
            Method method = SparseParaTaa.defaults().withDensity(1e9).withCap(cap);
            Sample sample = new Runs(model, TestGrids.angles(100, 1.4), new Ddim()).run(method, REQUEST);
            assertTrue(sample.status().isSolved());
            assertEquals(cap, model.batchSizes().stream().mapToInt(Integer::intValue).max().getAsInt());
            assertEquals(cap, method.mostRows(new Ddim().system(TestGrids.angles(100, 1.4), Prediction.EPSILON)));
        }
    }

    /** (2 m + 3) N D values, and what a row looks back on: as ParaTAA over as many rows, and one more for each. */
    @Test
    void theMemoryIsThatOfParaTaaAndOneRowMoreForEach() {
        TriangularSystem system = new Ddim().system(TestGrids.angles(100, 1.4), Prediction.EPSILON);
        Device device = Device.cpu();
        try (var start = device.allocate(1, DIM)) {
            Problem problem = new Problem(system, device, 1, DIM, start, null);
            for (int window : new int[] {7, 100}) {
                ParaTaa paraTaa = ParaTaa.defaults().withWindow(window);
                try (Method.Workspace dense = paraTaa.allocate(problem);
                        Method.Workspace sparse = SparseParaTaa.of(paraTaa).allocate(problem)) {
                    int places = Math.min(window + 2, 101);
                    assertEquals(4L * DIM * (2 * 3 * window + 2 * places), dense.bytes());
                    assertEquals(4L * DIM * (2 * 3 * window + 3 * places), sparse.bytes());
                }
            }
        }
    }

    /** Whichever row it is, and whenever it is asked. */
    @Test
    void notANumberAtAnyRowEndsTheSampleOnceThatRowIsFinal() {
        int steps = 30;
        TimeGrid grid = TestGrids.angles(steps, 1.4);
        for (int row = 0; row < steps; row++) {
            NoiseLevel bad = grid.level(row);
            TestDenoisers.Recording model = TestDenoisers.bent(DIM).spoil((level, condition) -> level.equals(bad));
            Sample sample = new Runs(model, grid, new Ddim()).run(SparseParaTaa.defaults().withDensity(5), REQUEST);
            assertEquals(Status.NON_FINITE, sample.status(), "row " + row);
            assertTrue(sample.message().contains("at row " + row + " "), sample.message());
        }
    }

    /** Also where old rows are to be evaluated before anything moves, and in a window. */
    @Test
    void warmStartsEndWithTheBitsOfForwardSubstitution() {
        for (Solver solver : List.of(new Ddim(), new DpmSolverPlusPlus(2), new HeunLike())) {
            Runs runs = new Runs(TestDenoisers.bent(DIM), TestGrids.angles(30, 1.4), solver);
            ParaTaa exact = ParaTaa.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.residual(0, 0));
            Trajectory rows = runs.run(SparseParaTaa.of(exact), List.of(REQUEST),
                    RunOptions.defaults().withTrajectories()).get(0).trajectory();
            float[] sequential = runs.sequential(REQUEST);
            for (int variation : new int[] {1, 2, 3, 10, 29, rows.rows()}) {
                ParaTaa warm = exact.withFirstGuess(FirstGuess.warmStart(rows, variation));
                for (ParaTaa paraTaa : List.of(warm, warm.withWindow(6))) {
                    Sample sample = runs.run(SparseParaTaa.of(paraTaa).withDensity(4), REQUEST);
                    assertTrue(sample.stats().rounds() <= variation, sample.stats().toString());
                    assertArrayEquals(sequential, sample.values(), solver + ", " + variation + " rows");
                }
            }
        }
    }

    /** Then no round need make a row final, and the number of rows is the limit. */
    @Test
    void withoutTheSafeguardToleranceAloneMakesRowsFinal() {
        Runs runs = new Runs(mixture(), TestGrids.angles(60, 1.5), new Ddim());
        ParaTaa all = ParaTaa.defaults().withWindow(ParaTaa.ALL).withSafeguard(false)
                .withTolerance(Tolerance.residual(1e-6, 1e-4));
        Sample sample = runs.run(SparseParaTaa.of(all), REQUEST);
        assertEquals(Status.CONVERGED, sample.status());
        assertEquals(0, Runs.distance(runs.sequential(REQUEST), sample.values()), Tolerances.METHOD);
    }

    /** The same values, whatever else is solved beside them. */
    @ParameterizedTest
    @EnumSource(Prediction.class)
    void companionsChangeNothing(Prediction prediction) {
        Solver solver = new Ddim(0.5);
        TestDenoisers.Recording model = TestDenoisers.gaussian(DIM, 0.3, 0.5, prediction);
        Runs runs = new Runs(model, TestGrids.angles(50, 1.4), solver);
        Method method = SparseParaTaa.defaults().withDensity(6);
        float[] alone = runs.run(method, REQUEST).values();
        List<Request> requests = List.of(Request.seed(1), REQUEST, Request.seed(2).withMethod(ParaTaa.defaults()),
                Request.seed(3).withGrid(TestGrids.angles(20, 1.4)));
        assertArrayEquals(alone, runs.run(method, requests).get(1).values());
        assertEquals(0, Runs.distance(runs.sequential(REQUEST), alone), Tolerances.METHOD);
    }
}
