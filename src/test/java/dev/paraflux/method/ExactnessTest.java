package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.LateModel;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without a tolerance each round makes one row final, by the very sum that forward substitution computes: after as many
 * rounds as there are rows, at the latest, the sample has its bits, whatever the settings.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExactnessTest {
    private static final int DIM = 11;
    private static final int[] STEPS = {1, 2, 3, 7, 20};

    static List<Solver> solvers() {
        return List.of(new Ddim(), new Ddim(0.5), new Ddpm(), new HeunLike(), new StagedTwoStep(), new DpmSolverUpTo(2),
                new LateModel());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void oneRowAtATimeIsForwardSubstitutionAtAnyTolerance(Solver solver) {
        for (int steps : STEPS) {
            for (double tolerance : new double[] {0, 1e-3}) {
                requireBits(solver, steps,
                        ParaTaa.defaults().withWindow(1).withOrder(1).withTolerance(Tolerance.residual(0, tolerance)));
                requireBits(solver, steps, ParaTaa.defaults().withWindow(1).withOrder(1).withHistory(1)
                        .withTolerance(Tolerance.residual(0, tolerance)).withFirstGuess(FirstGuess.frozenX0()));
                requireBits(solver, steps, Picard.defaults().withWindow(1).withTolerance(Tolerance.steps(tolerance)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void withoutToleranceAsManyRoundsAsRowsGiveTheBitsOfForwardSubstitution(Solver solver) {
        List<FirstGuess> guesses = List.of(FirstGuess.copy(), FirstGuess.frozenX0(), FirstGuess.coarse(3),
                FirstGuess.coarse(50));
        for (int steps : STEPS) {
            requireBits(solver, steps, Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0))
                    .withMaxRounds(rows(solver, steps)));
            requireBits(solver, steps, Picard.defaults().withWindow(3).withTolerance(Tolerance.steps(0))
                    .withMaxRounds(rows(solver, steps)));
            for (int window : new int[] {1, 2, 3, 4, 5, 7, ParaTaa.ALL}) {
                FirstGuess guess = guesses.get(window % guesses.size());
                int history = 1 + window % 8;
                ParaTaa exact = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))
                        .withMaxRounds(rows(solver, steps));
                requireBits(solver, steps, SparseParaTaa.of(exact.withWindow(window)).withDensity(3));
                requireBits(solver, steps, exact.withWindow(window).withHistory(history).withFirstGuess(guess));
                requireBits(solver, steps, exact.withWindow(window).withOrder(2).withFirstGuess(FirstGuess.coarse(3))
                        .withUnrolling(Unrolling.INTEGRATING_FACTOR));
            }
        }
    }

    /** One core of each method is forward substitution, and no other one may get in its way. */
    @ParameterizedTest
    @MethodSource("solvers")
    void coresEndWithTheBitsOfForwardSubstitution(Solver solver) {
        Random random = new Random(8);
        for (int steps : STEPS) {
            for (int blocks = 1; blocks <= steps; blocks++) {
                requireBits(solver, steps, Srds.defaults().withBlocks(blocks).withStop(StopRule.pixels(0)));
                List<Double> starts = Stream.concat(Stream.of(0.0), random.doubles(random.nextInt(9)).sorted().boxed())
                        .toList();
                requireBits(solver, steps, Chords.defaults().withStarts(starts).withStop(StopRule.pixels(0)));
            }
        }
    }

    /** Otherwise more rows were written than computed, or fewer. */
    @ParameterizedTest
    @MethodSource("solvers")
    void allRowsOfTheTrajectoryAreThoseOfForwardSubstitution(Solver solver) {
        for (int steps : STEPS) {
            Runs runs = runs(solver, steps);
            ParaTaa method = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))
                    .withFirstGuess(FirstGuess.coarse(2));
            Request request = Request.seed(steps).withLabel(1);
            List<float[]> states = new ArrayList<>();
            RunOptions watched = RunOptions.defaults().withListener(progress -> {
                float[] state = new float[DIM];
                progress.preview(0, state);
                states.add(state);
            });
            runs.run(new Sequential(), List.of(request), watched);
            Trajectory trajectory = runs.run(method, List.of(request), RunOptions.defaults().withTrajectories()).get(0)
                    .trajectory();
            assertEquals(rows(solver, steps), trajectory.rows());
            assertEquals(DIM, trajectory.dim());
            // Sequential shows its state after each round; rows that need no evaluation are passed unseen.
            List<float[]> kept = new ArrayList<>();
            for (int i = 0; i <= trajectory.rows(); i++) {
                float[] row = new float[DIM];
                System.arraycopy(trajectory.values(), i * DIM, row, 0, DIM);
                kept.add(row);
            }
            for (float[] state : states) {
                assertTrue(kept.stream().anyMatch(row -> Arrays.equals(row, state)), solver + ", " + steps);
            }
        }
    }

    private static void requireBits(Solver solver, int steps, Method method) {
        Runs runs = runs(solver, steps);
        List<Request> requests = List.of(Request.seed(1).withLabel(1), Request.seed(2).withLabel(2));
        List<Sample> samples = runs.run(method, requests);
        for (int s = 0; s < 2; s++) {
            String what = solver + ", " + steps + " steps, " + method;
            assertEquals(Status.COMPLETED, samples.get(s).status(), what);
            assertTrue(samples.get(s).stats().rounds() <= rows(solver, steps), what + samples.get(s).stats());
            assertArrayEquals(runs.sequential(requests.get(s)), samples.get(s).values(), what);
        }
    }

    private static Runs runs(Solver solver, int steps) {
        return new Runs(TestDenoisers.bent(DIM), TestGrids.angles(steps, 1.4), solver);
    }

    private static int rows(Solver solver, int steps) {
        return solver.system(TestGrids.angles(steps, 1.4), TestDenoisers.bent(DIM).prediction()).rows();
    }
}
