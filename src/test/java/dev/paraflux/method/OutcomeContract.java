package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Stats;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method owes when a sample ends: one meaning of each status and of each number, whatever its settings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OutcomeContract {
    protected static final int DIM = 37;
    private static final int STEPS = 20;
    /** Any change is small enough. */
    private static final double LOOSE = 1e6;

    /** The method, with the settings to test. */
    protected abstract Method method();

    /** The solvers whose systems the method is to solve. */
    protected abstract List<Solver> solvers();

    /** Whether the method is forward substitution by another name: no tolerance ends it early. */
    protected boolean isAlwaysExact() {
        return false;
    }

    /** Whether there is an answer, if not the last one, before the last round. */
    protected boolean answersEarly() {
        return !isAlwaysExact();
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void withoutToleranceEverySampleIsCompleted(Solver solver) {
        Method exact = withTolerance(method(), 0);
        for (int steps : new int[] {1, 2, 7, STEPS}) {
            for (Sample sample : run(exact, solver, steps, RunOptions.defaults())) {
                assertEquals(Status.COMPLETED, sample.status(), () -> exact + ", " + steps + ": " + sample);
            }
            requireMeaning(exact, solver, steps);
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void toleranceThatIsMetEarlyMeansConverged(Solver solver) {
        Method loose = withTolerance(method(), LOOSE);
        List<Sample> samples = run(loose, solver, STEPS, RunOptions.defaults());
        requireMeaning(loose, solver, STEPS);
        Status expected = isAlwaysExact() ? Status.COMPLETED : Status.CONVERGED;
        samples.forEach(sample -> assertEquals(expected, sample.status(), () -> loose + ": " + sample));
        requireMeaning(method(), solver, STEPS);
    }

    /** The numbers say what they say in {@link Stats}, and agree with the status. */
    private void requireMeaning(Method method, Solver solver, int steps) {
        List<Sample> sequential = run(new Sequential(), solver, steps, RunOptions.defaults());
        List<Integer> finalRows = new ArrayList<>(List.of(0));
        List<Sample> samples = run(method, solver, steps,
                RunOptions.defaults().withListener(progress -> finalRows.add(progress.finalRows())));
        assertEquals(finalRows.stream().sorted().toList(), finalRows, "it never falls");
        assertEquals(finalRows.get(finalRows.size() - 1), samples.stream().mapToInt(s -> s.stats().finalRows()).sum());
        int rows = solver.system(grid(steps), TestDenoisers.bent(DIM).prediction()).rows();
        for (int s = 0; s < samples.size(); s++) {
            Sample sample = samples.get(s);
            Stats stats = sample.stats();
            String what = method + ", " + solver + ", " + steps + ": " + sample;
            assertTrue(sample.status().isSolved() && sample.hasValues(), what);
            assertEquals(sample.status().advice(), sample.message());
            assertEquals(sample.status() == Status.COMPLETED, stats.residual() == 0, what);
            assertEquals(stats.changes().isEmpty(), Double.isNaN(stats.change()), what);
            assertTrue(method instanceof Srds || method instanceof Chords || stats.changes().isEmpty(), what);
            if (sample.status() == Status.COMPLETED) {
                assertEquals(rows, stats.finalRows(), what);
                assertArrayEquals(sequential.get(s).values(), sample.values(), what);
            } else if (stats.changes().isEmpty()) {
                assertTrue(stats.finalRows() == rows && stats.residual() > 0, what);
            } else {
                assertTrue(stats.finalRows() < rows && Double.isNaN(stats.residual()), what);
                assertTrue(stats.change() >= 0 && stats.change() < LOOSE, what);
            }
        }
    }

    /** In every round of a run: what there is by then is handed over, marked, and nothing else is. */
    @Test
    void stoppedSampleIsTheAnswerThatThereWasByThen() {
        Method exact = withTolerance(method(), 0);
        int rounds = run(exact, new Ddim(), STEPS, RunOptions.defaults()).get(0).stats().rounds();
        int answered = 0;
        for (int last = 1; last < rounds; last++) {
            int stop = last;
            Cancellation cancellation = new Cancellation();
            float[] shown = new float[DIM];
            int[] answers = new int[1];
            Sample sample = run(exact, new Ddim(), STEPS, RunOptions.defaults().withCancellation(cancellation)
                    .withListener(progress -> {
                        if (progress.round() == stop) {
                            cancellation.cancel();
                            progress.preview(0, shown);
                            answers[0] = progress.answers(0);
                        }
                    })).get(0);
            assertEquals(Status.CANCELLED, sample.status());
            assertEquals(stop, sample.stats().rounds());
            assertTrue(sample.message().startsWith("in round " + (stop + 1) + ", with " + sample.stats().finalRows()
                    + " of " + STEPS + " rows final"), sample.message());
            assertEquals(sample.hasValues(), sample.message().endsWith("; the values are what was reached"));
            assertEquals(sample.stats().residual() > 0, sample.message().contains(" residual of "), sample.message());
            assertEquals(answers[0] > 1, sample.message().contains(" last change of "), sample.message());
            assertTrue(answers[0] == 0 || sample.hasValues(), "an answer is handed over");
            if (sample.hasValues()) {
                answered++;
                assertArrayEquals(shown, sample.values(), "round " + stop);
            } else {
                assertEquals(0, answered, "what there is once stays there");
                assertThrows(IllegalStateException.class, sample::values);
            }
        }
        assertEquals(answersEarly(), answered > 0, answered + " of " + (rounds - 1) + " rounds: " + exact);
    }

    @Test
    void stopBeforeTheFirstRoundLeavesNothing() {
        for (Sample sample : run(method(), new Ddim(), STEPS, RunOptions.defaults().withTimeout(Duration.ofNanos(1)))) {
            assertEquals(Status.DEADLINE_PASSED, sample.status());
            assertFalse(sample.hasValues());
            assertEquals(0, sample.stats().rounds());
            assertTrue(Double.isNaN(sample.stats().residual()) && Double.isNaN(sample.stats().change()));
        }
    }

    /** The same settings to another tolerance. */
    private static Method withTolerance(Method method, double tolerance) {
        if (method instanceof Picard picard) {
            return picard.withTolerance(Tolerance.steps(tolerance));
        }
        if (method instanceof ParaTaa parataa) {
            return parataa.withTolerance(Tolerance.residual(tolerance, tolerance));
        }
        if (method instanceof SparseParaTaa sparse) {
            return sparse.withParaTaa(sparse.paraTaa().withTolerance(Tolerance.residual(tolerance, tolerance)));
        }
        if (method instanceof Srds srds) {
            return srds.withStop(StopRule.values(tolerance));
        }
        return method instanceof Chords chords ? chords.withStop(StopRule.values(tolerance)) : method;
    }

    private List<Sample> run(Method method, Solver solver, int steps, RunOptions options) {
        return new Runs(TestDenoisers.bent(DIM), grid(steps), solver).run(method, requests(2), options);
    }

    /** Sample s has seed 100 + s and label s. */
    protected static List<Request> requests(int samples) {
        return IntStream.range(0, samples).mapToObj(s -> Request.seed(100 + s).withLabel(s)).toList();
    }

    protected static TimeGrid grid(int steps) {
        return TestGrids.angles(steps, 1.4);
    }

    /** A sampler with the method. */
    protected Sampler sampler(TestDenoisers.Recording model, Solver solver, int steps, int maxBatch) {
        return Sampler.builder(model, grid(steps)).solver(solver).method(method()).maxBatch(maxBatch).build();
    }
}
