package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Stats;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.method.UpdateCounts;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run says of itself: limits of rounds, residuals, how the rows were updated. */
class WindowStatsTest {
    private static final int DIM = 9;
    private static final int STEPS = 30;
    private static final TimeGrid GRID = TestGrids.angles(STEPS, 1.4);
    private static final Request REQUEST = Request.seed(21).withLabel(2);
    private static final ParaTaa ALL = ParaTaa.defaults().withWindow(ParaTaa.ALL);

    static List<FirstGuess> guesses() {
        return List.of(FirstGuess.copy(), FirstGuess.frozenX0(), FirstGuess.coarse(2), FirstGuess.coarse(5));
    }

    @ParameterizedTest
    @MethodSource("guesses")
    void limitOfRoundsEndsTheRunWithWhatWasReached(FirstGuess guess) {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, new Ddim());
        float[] sequential = runs.sequential(REQUEST);
        for (int window : new int[] {STEPS, 7}) {
            for (int limit : new int[] {1, 2, 4}) {
                Method method = ALL.withWindow(window).withTolerance(Tolerance.residual(0, 0)).withFirstGuess(guess)
                        .withMaxRounds(limit);
                Sample sample = runs.run(method, REQUEST);
                assertEquals(Status.ROUND_LIMIT, sample.status());
                assertTrue(sample.message().startsWith(Status.ROUND_LIMIT.advice()), sample.message());
                // A window of 7 rows may not have come to the last row, and then the message says so.
                assertTrue(window == 7 || limit == 1 && guess instanceof FirstGuess.Rolled
                        || sample.message().equals(Status.ROUND_LIMIT.advice()), sample.message());
                assertEquals(limit, sample.stats().rounds(), method.toString());
                int corrections = limit - (guess instanceof FirstGuess.Rolled rolled ? rolled.steps() : 0);
                assertEquals(corrections > 0, sample.stats().residual() > 0, sample.stats().toString());
                assertEquals(corrections <= 0, Double.isNaN(sample.stats().residual()));
                assertEquals(DIM, sample.values().length);
                assertTrue(Runs.distance(sequential, sample.values()) > 0);
            }
        }
        Sample limited = runs
                .run(Picard.defaults().withWindow(STEPS).withTolerance(Tolerance.steps(0)).withMaxRounds(2), REQUEST);
        assertEquals(Status.ROUND_LIMIT, limited.status());
        assertEquals(2, limited.stats().rounds());
        assertTrue(limited.stats().residual() > 0);
    }

    @Test
    void limitThatIsNotReachedChangesNothing() {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, new Ddim());
        Sample free = runs.run(ALL, REQUEST);
        Sample limited = runs.run(ALL.withMaxRounds(free.stats().rounds()), REQUEST);
        assertEquals(Status.CONVERGED, limited.status());
        assertArrayEquals(free.values(), limited.values());
        Sample shorter = runs.run(ALL.withMaxRounds(free.stats().rounds() - 1), REQUEST);
        assertEquals(Status.ROUND_LIMIT, shorter.status());
    }

    /** No round need make a row final then, so the number of rows is the limit. */
    @ParameterizedTest
    @MethodSource("guesses")
    void withoutTheSafeguardThereAreNoMoreRoundsThanRowsEither(FirstGuess guess) {
        for (TestDenoisers.Recording model : List.of(TestDenoisers.bent(DIM), TestDenoisers.steep(DIM, 50),
                TestDenoisers.scattered(DIM), TestDenoisers.jumping(DIM))) {
            for (int window : new int[] {1, 4, STEPS}) {
                Sample sample = new Runs(model, GRID, new Ddim()).run(ALL.withWindow(window).withSafeguard(false)
                        .withTolerance(Tolerance.residual(0, 0)).withFirstGuess(guess), REQUEST);
                Stats stats = sample.stats();
                assertTrue(stats.rounds() <= STEPS, stats.toString());
                assertTrue(sample.status() != Status.COMPLETED || stats.residual() == 0, sample.toString());
            }
        }
    }

    /** One-step tables evaluate as many rows in a round as they update. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void updatesAddUpToTheRowsUpdated(int history) {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, new Ddim());
        for (int window : new int[] {1, 5, STEPS}) {
            Stats stats = runs
                    .run(ALL.withWindow(window).withHistory(history).withTolerance(Tolerance.residual(0, 1e-6)),
                            REQUEST)
                    .stats();
            UpdateCounts updates = stats.updates();
            assertEquals(stats.evaluations(),
                    updates.plain() + updates.accelerated() + updates.indefinite() + updates.nonFinite());
            assertEquals(history > 1 && window > 1, updates.accelerated() > 0, updates.toString());
            assertEquals(0, updates.nonFinite());
        }
        assertEquals(UpdateCounts.NONE, runs.run(new Sequential(), REQUEST).stats().updates());
    }

    @Test
    void theFirstRowThatHasNotConvergedIsPlainUnlessTheSafeguardIsOff() {
        Runs runs = new Runs(TestDenoisers.bent(DIM), GRID, new Ddim());
        ParaTaa method = ALL.withHistory(2).withTolerance(Tolerance.residual(0, 0)).withFirstGuess(FirstGuess.copy());
        // All rows of the first round have one iterate; in each of the 29 others one row is plain.
        UpdateCounts with = runs.run(method, REQUEST).stats().updates();
        assertEquals(STEPS + STEPS - 1, with.plain(), with.toString());
        UpdateCounts without = runs.run(method.withSafeguard(false), REQUEST).stats().updates();
        assertEquals(STEPS, without.plain(), without.toString());
    }

    /** All values of a row are alike and move alike, so that the residuals of any two rounds are parallel. */
    @Test
    void rankDeficientHistoryWithoutRidgeIsCountedAndConverges() {
        TestDenoisers.Recording flat = TestDenoisers.of(DIM, Prediction.EPSILON,
                (x, level, condition, e) -> 0.5 * x + 0.1);
        float[] start = new float[DIM];
        Arrays.fill(start, 0.7f);
        Request request = REQUEST.withStart(start);
        ParaTaa method = ALL.withHistory(8).withRidge(0).withTolerance(Tolerance.residual(0, 0));
        Runs runs = new Runs(flat, GRID, new Ddim());
        Sample sample = runs.run(method, request);
        assertTrue(sample.stats().updates().indefinite() > 0, sample.stats().toString());
        assertEquals(Status.COMPLETED, sample.status());
        assertArrayEquals(runs.sequential(request), sample.values());
        Sample near = runs.run(method.withTolerance(Tolerance.residual(0, 1e-6)), request);
        assertEquals(0, Runs.distance(runs.sequential(request), near.values()), Tolerances.METHOD);
        assertEquals(0, runs.run(method.withRidge(1e-3), request).stats().updates().indefinite());
    }

    /** Everything is good enough at once: the residuals are those of the first guess, the last row's too. */
    @Test
    void residualIsTheLargestThatARowWasAcceptedWith() {
        for (int steps : new int[] {1, 2, 3, 8}) {
            TimeGrid grid = TestGrids.angles(steps, 1.4);
            // Predicts more and more, so that the last row's residual is the largest.
            TestDenoisers.Recording model = TestDenoisers.of(DIM, Prediction.EPSILON,
                    (x, level, condition, e) -> 1e-3 * Math.pow(10, 3 - 2 * level.sigma()));
            float[] start = new float[DIM];
            TriangularSystem system = new Ddim().system(grid, Prediction.EPSILON);
            double largest = IntStream.rangeClosed(1, steps).mapToDouble(i -> {
                double[] sum = new double[1];
                system.rightSide(i, new TriangularSystem.Terms() {
                    @Override
                    public void state(double factor, int j) {}

                    @Override
                    public void prediction(double factor, int j) {
                        sum[0] += factor * (float) (1e-3 * Math.pow(10, 3 - 2 * system.level(j).sigma()));
                    }

                    @Override
                    public void noise(double factor, int row) {}
                });
                return Math.abs(sum[0]);
            }).max().getAsDouble();
            Sample sample = new Runs(model, grid, new Ddim()).run(
                    ALL.withTolerance(Tolerance.residual(100, 0)).withFirstGuess(FirstGuess.copy()),
                    REQUEST.withStart(start));
            assertEquals(1, sample.stats().rounds());
            // The only row of one step is exact after its update, as near as it was before.
            assertEquals(steps == 1 ? 0 : largest, sample.stats().residual(), 1e-9 * largest, steps + " steps");
        }
    }
}
