package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.solver.Solver;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When something is computed has no say in what is computed. */
class SrdsScheduleTest {
    private static final int DIM = 11;
    private static final int STEPS = 11;

    static List<Solver> solvers() {
        return ExactnessTest.solvers();
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void pipelineAndBarrierGiveTheSameBitsAfterEveryRefinement(Solver solver) {
        Runs runs = runs(solver);
        Request request = Request.seed(5).withLabel(3);
        for (int blocks = 1; blocks <= STEPS; blocks++) {
            for (int p = 1; p <= blocks; p++) {
                Srds method = Srds.defaults().withBlocks(blocks).withStop(StopRule.pixels(0)).withMaxRefinements(p);
                Sample pipelined = runs.run(method, request);
                Sample barrier = runs.run(method.withPipelined(false), request);
                String what = solver + ", " + method;
                assertArrayEquals(pipelined.values(), barrier.values(), what);
                assertEquals(pipelined.stats().changes(), barrier.stats().changes(), what);
                assertEquals(pipelined.status(), barrier.status(), what);
            }
        }
    }

    /** Samples that stop at different refinements, in one batch. */
    @ParameterizedTest
    @MethodSource("solvers")
    void samplesInABatchAreWhatTheyAreAlone(Solver solver) {
        Runs runs = runs(solver);
        List<Request> requests = IntStream.range(0, 6).mapToObj(s -> Request.seed(s).withLabel(s)).toList();
        Srds srds = Srds.defaults().withBlocks(4).withStop(StopRule.pixels(0.8));
        for (Method method : List.of(srds, srds.withPipelined(false), srds.withMaxRefinements(2),
                Chords.ofCores(4).withStop(StopRule.values(1e-2)))) {
            List<Sample> together = runs.run(method, requests);
            for (int s = 0; s < requests.size(); s++) {
                Sample alone = runs.run(method, requests.get(s));
                Sample one = together.get(s);
                assertArrayEquals(alone.values(), one.values(), method + ", sample " + s);
                assertEquals(alone.status(), one.status());
                assertEquals(alone.stats().changes(), one.stats().changes());
                assertEquals(alone.stats().rounds(), one.stats().rounds());
                assertEquals(alone.stats().evaluations(), one.stats().evaluations());
            }
        }
    }

    private static Runs runs(Solver solver) {
        return new Runs(TestDenoisers.bent(DIM), TestGrids.angles(STEPS, 1.4), solver);
    }
}
