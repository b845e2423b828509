package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Runs;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.UniPc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoarseStepTest {
    private static final Request REQUEST = Request.seed(5).withLabel(2);

    private static double share(Solver solver) {
        Solver coarse = CoarseStep.own().solver(solver.system(TestGrids.angles(20, 1.4), Prediction.EPSILON));
        return ((Ddim) coarse).eta();
    }

    @Test
    void ownStepTakesTheShareOfNoiseThatTheSystemTakes() {
        for (double eta : new double[] {0, 0.3, 1}) {
            assertEquals(eta, share(new Ddim(eta)), 1e-12);
        }
        assertEquals(1, share(new Ddpm()), 1e-12);
        assertEquals(1, share(new SdeDpmSolverPlusPlus()), 1e-12);
        assertEquals(0, share(new Heun()));
        assertEquals(0, share(new UniPc(2)));
    }

    static List<Solver> stochastic() {
        return List.of(new Ddpm(), new SdeDpmSolverPlusPlus());
    }

    /** The mean forgets the state as the fine steps do; a deterministic step keeps it. */
    @ParameterizedTest
    @MethodSource("stochastic")
    void stochasticSolversComeNearSoonerThanWithDeterministicSteps(Solver solver) {
        Runs runs = new Runs(TestDenoisers.bent(11), TestGrids.angles(100, 1.5), solver);
        Srds own = Srds.defaults().withStop(StopRule.values(1e-4));
        Sample mean = runs.run(own, REQUEST);
        Sample deterministic = runs.run(own.withCoarse(CoarseStep.by(new Ddim())), REQUEST);
        for (int p = 0; p < 2; p++) {
            assertTrue(mean.stats().changes().get(p) < 0.5 * deterministic.stats().changes().get(p),
                    mean.stats() + " against " + deterministic.stats());
        }
        assertEquals(0, Runs.distance(runs.run(new Sequential(), REQUEST).values(), mean.values()), 2e-3);
    }

    /** Each of its jumps is one step of its own: not the last of a grid, which is without noise. */
    @ParameterizedTest
    @MethodSource("stochastic")
    void coresOfChordsComeNearSoonerToo(Solver solver) {
        Runs runs = new Runs(TestDenoisers.bent(11), TestGrids.angles(100, 1.5), solver);
        Chords own = Chords.ofCores(8).withStop(StopRule.values(0));
        Sample mean = runs.run(own, REQUEST);
        Sample deterministic = runs.run(own.withCoarse(CoarseStep.by(new Ddim())), REQUEST);
        assertTrue(mean.stats().changes().get(0) < 0.5 * deterministic.stats().changes().get(0),
                mean.stats() + " against " + deterministic.stats());
    }

    /** G' - G is the same with its noise and without. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 10})
    void noiseOfACoarseSolverIsLeftOut(int blocks) {
        Runs runs = new Runs(TestDenoisers.bent(11), TestGrids.angles(10, 1.4), new Ddim(0.5));
        Srds exact = Srds.defaults().withBlocks(blocks).withStop(StopRule.pixels(0));
        assertEquals(runs.run(exact, REQUEST).stats().changes(),
                runs.run(exact.withCoarse(CoarseStep.by(new Ddim(0.5))), REQUEST).stats().changes());
        assertArrayEquals(runs.run(new Sequential(), REQUEST).values(),
                runs.run(exact.withCoarse(CoarseStep.by(new Ddpm())), REQUEST).values());
    }
}
