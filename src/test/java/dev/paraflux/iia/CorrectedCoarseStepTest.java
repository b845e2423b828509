package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.CoarseStep;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Corrected steps as the coarse ones of SRDS, fitted to the fine steps of the very run. */
class CorrectedCoarseStepTest {
    private static final TimeGrid GRID = TestGrids.angles(25, 1.4);
    private static final GaussianMixtureDenoiser MODEL = TestMixtures.mixture(5, 3);
    private static final Srds EXACT = Srds.defaults().withStop(StopRule.values(0));
    private static final Solver CORRECTED = corrected();

    private static Solver corrected() {
        TimeGrid boundaries = EXACT.coarseGrid(new Ddim().system(GRID, Prediction.EPSILON));
        IiaCoefficients coefficients = IiaFitter.builder(MODEL, boundaries).fineGrid(GRID)
                .corrections(Correction.by(CorrectionVectors.EVALUATIONS)).fit();
        assertTrue(coefficients.keptSteps() > 0, coefficients.toString());
        return coefficients.solver(new Ddim(), MODEL);
    }

    @Test
    void refinementsEndAtTheSequentialSampleToTheBit() {
        Runs runs = new Runs(MODEL, GRID, new Ddim());
        List<Request> requests = List.of(Request.seed(1), Request.seed(2).withLabel(1));
        List<Sample> sequential = runs.run(new Sequential(), requests);
        for (boolean pipelined : new boolean[] {true, false}) {
            List<Sample> samples = runs.run(
                    EXACT.withPipelined(pipelined).withCoarse(CoarseStep.atBoundaries(CORRECTED)), requests);
            for (int s = 0; s < 2; s++) {
                assertArrayEquals(sequential.get(s).values(), samples.get(s).values());
            }
        }
    }

    @Test
    void firstAnswerIsNearerToTheSampleThanWithPlainSteps() {
        Runs runs = new Runs(MODEL, GRID, new Ddim());
        double plain = 0;
        double corrected = 0;
        for (int seed = 0; seed < 16; seed++) {
            float[] sequential = runs.sequential(Request.seed(seed));
            Srds coarse = EXACT.withMaxRefinements(0);
            plain += Runs.distance(sequential, runs.run(coarse, Request.seed(seed)).values());
            corrected += Runs.distance(sequential, runs
                    .run(coarse.withCoarse(CoarseStep.atBoundaries(CORRECTED)), Request.seed(seed)).values());
        }
        assertTrue(corrected < 0.7 * plain, corrected + " against " + plain);
    }

    /** As a general coarse step it would be asked for levels that no factor was fitted to. */
    @Test
    void solverOfOneGridIsRefusedWhereOtherLevelsAreAskedFor() {
        refused(25, EXACT.withCoarse(CoarseStep.by(CORRECTED)));
        for (CoarseStep step : List.of(CoarseStep.by(CORRECTED), CoarseStep.atBoundaries(CORRECTED))) {
            refused(25, Chords.defaults().withCoarse(step));
        }
        refused(4,
                EXACT.withBlocks(4).withCoarse(CoarseStep.atBoundaries(CORRECTED)));
    }

    private static void refused(int found, Method method) {
        Runs runs = new Runs(MODEL, GRID, new Ddim());
        String actual = assertThrows(IllegalArgumentException.class, () -> runs.run(method, Request.seed(1)))
                .getMessage();
        assertEquals("number of steps " + found
                + ": must be 5, as when the coefficients were fitted; fit them again for another number", actual);
    }
}
