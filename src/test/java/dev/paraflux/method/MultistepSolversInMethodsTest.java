package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
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
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Deis;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.FlowHeun;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Plms;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.StochasticHeun;
import dev.paraflux.solver.TriangularSystem;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Solvers with stages, with memory, with correctors and with noise rows, in every method. */
class MultistepSolversInMethodsTest {
    private static final int[] STEPS = {4, 7, 12};

    static List<Solver> solvers() {
        return List.of(new Euler(), new Heun(), new StochasticHeun(2, 0.3, 10, 1.003), new FlowHeun(), new Spndm(),
                new Ipndm(3), new Ipndm(4), new Plms(), new Deis(2), new Deis(3), new UniPc(1), new UniPc(2),
                new UniPc(3));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void windowsWithoutToleranceGiveTheBitsOfForwardSubstitution(Solver solver) {
        for (int steps : STEPS) {
            requireBits(solver, steps, new Sequential());
            requireBits(solver, steps, Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)));
            requireBits(solver, steps, Picard.defaults().withWindow(3).withTolerance(Tolerance.steps(0)));
            ParaTaa exact = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0));
            requireBits(solver, steps, SparseParaTaa.of(exact).withDensity(4));
            requireBits(solver, steps, SparseParaTaa.of(exact.withWindow(6)).withDensity(4));
            requireBits(solver, steps, exact);
            requireBits(solver, steps, exact.withWindow(5).withFirstGuess(FirstGuess.coarse(3)));
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void anyNumberOfBlocksEndsWithTheBitsOfForwardSubstitution(Solver solver) {
        for (int steps : STEPS) {
            int most = Srds.maxBlocks(solver.system(grid(solver, steps), TestDenoisers.bent(1).prediction()));
            for (int blocks = 1; blocks <= most; blocks++) {
                Srds exact = Srds.defaults().withBlocks(blocks).withStop(StopRule.pixels(0));
                requireBits(solver, steps, exact);
                requireBits(solver, steps, exact.withPipelined(false));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void anyNumberOfCoresEndsWithTheBitsOfForwardSubstitution(Solver solver) {
        for (int steps : STEPS) {
            for (int cores = 1; cores <= 8; cores++) {
                requireBits(solver, steps, Chords.ofCores(cores).withStop(StopRule.pixels(0)));
            }
        }
    }

    static List<Solver> multistep() {
        return List.of(new Deis(2), new Ipndm(4), new UniPc(2), new UniPc(3));
    }

    /** A corrector is not evaluated, and its predictor would tell of before the correction, were it not corrected too. */
    @ParameterizedTest
    @MethodSource("multistep")
    void refinementsSaveRoundsAlsoWhereACorrectorIsNotEvaluated(Solver solver) {
        Runs runs = new Runs(ConvergenceTest.mixture(), grid(solver, 100), solver);
        Request request = Request.seed(4).withLabel(1);
        Sample sequential = runs.run(new Sequential(), request);
        Sample refined = runs.run(Srds.defaults().withStop(StopRule.values(1e-4)), request);
        assertTrue(refined.stats().rounds() <= 60, refined.stats().toString());
        assertEquals(0, Runs.distance(sequential.values(), refined.values()), 1e-3);
    }

    private static void requireBits(Solver solver, int steps, Method method) {
        String what = solver + ", " + steps + " steps, " + method;
        List<Request> requests = MethodContract.requests(2);
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(MethodContract.DIM), grid(solver, steps))
                .solver(solver).method(method).maxBatch(1000).build()) {
            List<Sample> samples = sampler.sample(requests);
            TriangularSystem system = sampler.system();
            long evaluated = IntStream.range(0, system.rows()).filter(system::evaluated).count();
            for (int s = 0; s < 2; s++) {
                assertEquals(Status.COMPLETED, samples.get(s).status(), what);
                // A barrier costs rounds that a pipeline does not: docs/methods.md.
                boolean barrier = method instanceof Srds srds && !srds.pipelined();
                assertTrue(barrier || samples.get(s).stats().rounds() <= evaluated, what + samples.get(s).stats());
                assertArrayEquals(MethodContract.forward(system, requests.get(s)), samples.get(s).values(), what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void tolerancesEndNearTheSequentialSample(Solver solver) {
        int steps = 60;
        Runs runs = new Runs(ConvergenceTest.mixture(), grid(solver, steps), solver);
        Request request = Request.seed(4).withLabel(1);
        List<Method> methods = new ArrayList<>(List.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 1e-5)),
                Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(1e-5)),
                Srds.defaults().withStop(StopRule.values(1e-5)),
                Chords.defaults().withStop(StopRule.values(1e-5))));
        Sample sequential = runs.run(new Sequential(), request);
        for (Method method : methods) {
            Sample sample = runs.run(method, request);
            String what = solver + ", " + method + ", " + sample.stats();
            assertTrue(sample.status().isSolved(), what);
            assertEquals(0, Runs.distance(sequential.values(), sample.values()), Tolerances.METHOD, what);
            int rounds = sample.stats().rounds();
            assertTrue(method instanceof Picard || method instanceof ParaTaa
                    ? 2 * rounds < sequential.stats().rounds()
                    : rounds <= sequential.stats().rounds(), what);
        }
    }

    private static TimeGrid grid(Solver solver, int steps) {
        if (!(solver instanceof FlowHeun)) {
            return TestGrids.angles(steps, 1.4);
        }
        return new TimeGrid(IntStream.rangeClosed(0, steps).mapToObj(i -> {
            double tau = 0.95 * (steps - i) / steps;
            return new NoiseLevel(1000 * tau, 1 - tau, tau);
        }).toList());
    }
}
