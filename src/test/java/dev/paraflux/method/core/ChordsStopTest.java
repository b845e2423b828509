package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Runs;
import dev.paraflux.solver.Ddim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When CHORDS ends before its exact core does. */
class ChordsStopTest {
    private static final int STEPS = 50;
    private static final Request REQUEST = Request.seed(17);

    private final Runs runs = new Runs(TestDenoisers.bent(24), TestGrids.angles(STEPS, 1.5), new Ddim());

    @Test
    void defaultsEndEarlyAndNearTheSequentialSample() {
        Sample sample = runs.run(Chords.defaults(), REQUEST);
        assertEquals(Status.CONVERGED, sample.status());
        assertTrue(sample.stats().rounds() < 0.7 * STEPS, sample.stats().toString());
        assertEquals(0, Runs.distance(runs.sequential(REQUEST), sample.values()), 2e-3);
    }

    @Test
    void earlyAnswerIsTheLastCores() {
        Sample sample = runs.run(Chords.defaults().withMaxRefinements(0), REQUEST);
        assertEquals(Status.ROUND_LIMIT, sample.status());
        assertEquals(List.of(), sample.stats().changes());
        assertEquals(7 + STEPS - 40, sample.stats().rounds());
        assertEquals(Double.NaN, sample.stats().residual());
    }

    /**
     * A core that starts one step after the one before is the one before, where a coarse step is a step of the solver:
     * its answer is the same and says nothing of how good either is.
     */
    @Test
    void coresOneStepApartDoNotEndARunByTheirLikeness() {
        float[] sequential = runs.sequential(REQUEST);
        for (int step : new int[] {12, 25, 37, 44}) {
            Chords method = Chords.defaults()
                    .withStarts(List.of(0.0, (double) step / STEPS, (step + 1.0) / STEPS));
            Sample sample = runs.run(method, REQUEST);
            assertEquals(0, Runs.distance(sequential, sample.values()), 2e-3, method + ": " + sample.stats());
        }
    }
}
