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
import dev.paraflux.Tolerances;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.DpmSolver2;
import dev.paraflux.solver.DpmSolverPlusPlus2S;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of every method, for the solvers of the DPM-Solver family. */
class DpmSolversInMethodsTest {
    private static final ParaTaa PARA_TAA = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0));
    private static final Srds SRDS = Srds.defaults().withStop(StopRule.pixels(0));
    private static final Chords CHORDS = Chords.defaults().withStop(StopRule.pixels(0));

    static List<Solver> family() {
        return List.of(new DpmSolverUpTo(1), new DpmSolverUpTo(2), new DpmSolverUpTo(3), new SdeDpmSolverPlusPlus(),
                new DpmSolver2(), new DpmSolverPlusPlus2S());
    }

    private static List<Method> exact() {
        return List.of(Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)),
                Picard.defaults().withWindow(5).withTolerance(Tolerance.steps(0)), PARA_TAA,
                SparseParaTaa.of(PARA_TAA),
                PARA_TAA.withWindow(7).withOrder(3).withFirstGuess(FirstGuess.coarse(3)), SRDS,
                SRDS.withPipelined(false), CHORDS, Chords.ofCores(3).withStop(StopRule.pixels(0)));
    }

    /** The last rows of their full order, with noise left in the sample; and a first row without signal. */
    @ParameterizedTest
    @MethodSource("family")
    void otherGridsGiveTheBitsOfSequentialSamplingToo(Solver solver) {
        NoiseSchedule schedule = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);
        for (int steps : new int[] {1, 4, 25}) {
            TimeGrid noisy = TimeGrid.of(schedule, steps, Spacing.LEADING, 1, FinalAlpha.FIRST);
            requireBits(new Runs(TestDenoisers.bent(5), noisy, solver));
            requireBits(new Runs(TestDenoisers.gaussian(5, 0.3, 0.5, Prediction.VELOCITY),
                    TestGrids.zeroTerminalSnr(steps), solver));
        }
    }

    private static void requireBits(Runs runs) {
        Request request = Request.seed(6).withLabel(2);
        float[] expected = runs.sequential(request);
        for (Method method : exact()) {
            Sample sample = runs.run(method, request);
            assertEquals(Status.COMPLETED, sample.status(), method.toString());
            assertArrayEquals(expected, sample.values(), runs.solver() + ", " + method);
        }
    }

    @ParameterizedTest
    @MethodSource("family")
    void warmStartsGiveTheBitsOfSequentialSampling(Solver solver) {
        Runs runs = new Runs(TestDenoisers.bent(5), TestGrids.angles(30, 1.4), solver);
        Request request = Request.seed(6).withLabel(2);
        ParaTaa method = PARA_TAA.withWindow(ParaTaa.ALL);
        Trajectory rows = runs.run(method, List.of(request), RunOptions.defaults().withTrajectories()).get(0)
                .trajectory();
        for (int variation : new int[] {1, 2, 3, 4, 10, 29, rows.rows()}) {
            Sample sample = runs.run(method.withFirstGuess(FirstGuess.warmStart(rows, variation)), request);
            assertTrue(sample.stats().rounds() <= variation, sample.stats().toString());
            assertArrayEquals(runs.sequential(request), sample.values(), variation + " rows");
        }
    }

    @ParameterizedTest
    @MethodSource("family")
    void tolerancesSaveRounds(Solver solver) {
        Runs runs = new Runs(ConvergenceTest.mixture(), TestGrids.angles(60, 1.5), solver);
        Request request = Request.seed(4).withLabel(1);
        Sample sequential = runs.run(new Sequential(), request);
        for (Method method : List.of(Picard.defaults().withWindow(200).withTolerance(Tolerance.steps(1e-5)),
                PARA_TAA.withTolerance(Tolerance.residual(0, 1e-5)),
                PARA_TAA.withTolerance(Tolerance.residual(1e-6, 0)),
                PARA_TAA.withTolerance(Tolerance.residual(0, 1e-5)).withWindow(20),
                SRDS.withStop(StopRule.pixels(0.001)), CHORDS.withStop(StopRule.pixels(0.001)))) {
            Sample sample = runs.run(method, request);
            assertTrue(sample.status().isSolved(), method.toString());
            assertTrue(sample.stats().rounds() < sequential.stats().rounds(), method + ": " + sample.stats());
            assertEquals(0, Runs.distance(sequential.values(), sample.values()), Tolerances.METHOD, method.toString());
        }
    }

    abstract static class Family extends MethodContract {
        private final Method method;

        Family(Method method) {
            this.method = method;
        }

        @Override
        protected Method method() {
            return method;
        }

        @Override
        protected double tolerance() {
            return 0;
        }

        @Override
        protected boolean isAlwaysExact() {
            return method instanceof Sequential;
        }

        @Override
        protected List<Solver> solvers() {
            return family();
        }
    }

    @Nested
    class InSequential extends Family {
        InSequential() {
            super(new Sequential());
        }
    }

    @Nested
    class InPicard extends Family {
        InPicard() {
            super(Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)));
        }
    }

    @Nested
    class InSparseRounds extends Family {
        InSparseRounds() {
            super(SparseParaTaa.of(PARA_TAA));
        }
    }

    @Nested
    class InParaTaa extends Family {
        InParaTaa() {
            super(PARA_TAA);
        }
    }

    @Nested
    class InSrds extends Family {
        InSrds() {
            super(SRDS);
        }
    }

    @Nested
    class InChords extends Family {
        InChords() {
            super(CHORDS);
        }
    }
}
