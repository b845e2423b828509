package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.StochasticHeun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cannot be, refused with value and range before the model is asked anything. */
class FitRefusalTest {
    private static final int STEPS = 4;

    private final TestDenoisers.Recording model = TestDenoisers.bent(3);

    @AfterEach
    void modelWasNotEvaluated() {
        assertEquals(0, model.calls());
    }

    private void refused(String message, UnaryOperator<IiaFitter.Builder> setting) {
        IiaFitter.Builder builder = IiaFitter.builder(model, TestGrids.angles(STEPS, 1.4)).samples(2).heldOut(2);
        String actual = assertThrows(IllegalValueException.class, () -> setting.apply(builder).fit()).getMessage();
        assertTrue(actual.contains(message), actual);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void countsBelowOneAreRefused(int count) {
        refused("fineSteps " + count + ": must be 1 to 1000", builder -> builder.fineSteps(count));
        refused("samples " + count + ": must be 1 or more", builder -> builder.samples(count));
        refused("batch " + count + ": must be 1 to 65536", builder -> builder.batch(count));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1, Integer.MIN_VALUE})
    void oneHeldOutSampleTellsNoStandardErrorAndIsRefused(int count) {
        refused("heldOut " + count + ": must be 2 or more", builder -> builder.heldOut(count));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-300, Double.NaN, Double.POSITIVE_INFINITY})
    void ridgesThatAreNegativeOrNotFiniteAreRefused(double ridge) {
        refused("ridge " + ridge + ": must be 0 or more, and finite", builder -> builder.ridge(ridge));
    }

    @Test
    void noCorrectionsAndNoConditionsAreRefused() {
        refused("number of corrections 0: must be 1 or more", IiaFitter.Builder::corrections);
        refused("number of conditions 0: must be 1 or more", builder -> builder.conditions(List.of()));
    }

    @Test
    void conditionThatTheModelDoesNotTakeIsRefused() {
        IiaFitter.Builder builder = IiaFitter.builder(model, TestGrids.angles(STEPS, 1.4))
                .conditions(List.of(Condition.label(1), Condition.label(10)));
        assertThrows(IllegalArgumentException.class, builder::fit);
    }

    @Test
    void fineGridsThatDoNotSuitTheGridAreRefused() {
        TimeGrid grid = TestGrids.angles(STEPS, 1.4);
        refused("number of steps of fineGrid 9: must be those of a grid with all levels of the grid; it has none at level 1",
                builder -> builder.fineGrid(TestGrids.angles(9, 1.4)));
        refused("must be one with the first and the last level of the grid, ",
                builder -> builder.fineGrid(grid.from(1)));
        List<NoiseLevel> longer = new ArrayList<>(grid.levels());
        longer.add(0, TestGrids.angles(1, 1.5).level(0));
        refused("must be one with the first and the last level of the grid, ",
                builder -> builder.fineGrid(new TimeGrid(longer)));
        refused("must be one with the first and the last level of the grid, ", builder -> builder
                .fineGrid(new TimeGrid(grid.refined(3).levels().subList(0, 3 * STEPS))));
    }

    @Test
    void moreFineStepsThanAThousandAreRefused() {
        refused("fineSteps 1001: must be 1 to 1000", builder -> builder.fineSteps(1001));
    }

    @Test
    void batchesOfMoreRowsThanCanBeCountedAreRefused() {
        refused("batch 65536: must be at most", builder -> builder.samples(1 << 20)
                .batch(Sampler.Builder.MAX_BATCH).fineGrid(TestGrids.angles(STEPS, 1.4).refined(40_000)));
    }

    @Test
    void correctedSolversAreNotCorrectedAgain() {
        CorrectedSolver corrected = new CorrectedSolver(new Ddim(), HandMade.coefficients(HandMade.model(1)), true);
        refused("solver " + corrected + ": must be one that is not corrected yet",
                builder -> builder.solver(corrected));
    }

    @Test
    void solversThatTakeNoiseAreRefused() {
        for (var solver : List.of(new Ddim(0.3), new Ddpm(), new StochasticHeun(3, 0, 10, 1))) {
            refused("solver " + SolverDescription.of(solver)
                    + ": must be one that takes no noise, for its steps to be corrected",
                    builder -> builder.solver(solver));
        }
        // The last of its steps takes none, so that one fine step a step would take none anywhere.
        for (int parts : new int[] {1, 2}) {
            refused("fineSolver ddim (eta 0.3, noiseInLastStep false): must be one that takes no noise",
                    builder -> builder.fineSteps(parts).fineSolver(new Ddim(0.3)));
        }
    }

    @Test
    void vectorsThatTheSolverLacksAreRefused() {
        for (var vectors : List.of(CorrectionVectors.SLOPES, CorrectionVectors.RESIDUES)) {
            for (var solver : List.of(new Ddim(), new DpmSolverPlusPlus(2))) {
                refused("correction " + Correction.by(vectors), builder -> builder.solver(solver)
                        .corrections(Correction.by(CorrectionVectors.EVALUATIONS), Correction.by(vectors)));
            }
        }
    }

    @Test
    void onlyStepOfAGridHasNoNoiseVector() {
        IiaFitter.Builder one = IiaFitter.builder(model, TestGrids.angles(1, 1.4))
                .corrections(Correction.by(CorrectionVectors.NOISE));
        String message = assertThrows(IllegalArgumentException.class, one::fit).getMessage();
        assertTrue(
                message.contains(
                        "correction NOISE: must be one whose vectors a step of ddim (eta 0, noiseInLastStep false) on 1 steps has"),
                message);
    }

    @Test
    void fitThatIsCancelledBeforeItBeginsAsksNothing() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        IiaFitter.Builder builder = IiaFitter.builder(model, TestGrids.angles(STEPS, 1.4)).solver(new Heun())
                .cancellation(cancelled);
        assertThrows(CancellationException.class, builder::fit);
    }
}
