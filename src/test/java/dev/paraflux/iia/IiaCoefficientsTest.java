package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.iia.IiaCoefficients.Calibration;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.Guidance;
import dev.paraflux.model.Inpainting;
import dev.paraflux.model.X0Clipping;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IiaCoefficientsTest {
    private static final String OTHERWISE = ": fit them anew, or force them";

    private final Denoiser model = HandMade.model(1);
    private final IiaCoefficients coefficients = HandMade.coefficients(model);

    @Test
    void whatTheyWereFittedForIsTaken() {
        assertEquals(HandMade.GRID.steps(), coefficients.solver(new Ddim(), HandMade.model(1))
                .system(HandMade.GRID, Prediction.EPSILON).rows());
        assertEquals(1, coefficients.keptSteps());
        assertEquals(0.5, coefficients.ratio());
        assertTrue(coefficients.isFor(HandMade.GRID));
        assertFalse(coefficients.isFor(HandMade.GRID.from(1)));
        assertFalse(coefficients.isFor(HandMade.GRID.refined(2).from(HandMade.GRID.steps())));
    }

    @Test
    void aSolverWithoutErrorHasNothingToCorrect() {
        assertEquals(1, new IiaCoefficients(HandMade.problem(model), HandMade.CORRECTION, HandMade.calibration(),
                HandMade.steps(), 0, 0).ratio());
    }

    @Test
    void otherWeightsAreRefused() {
        Denoiser other = HandMade.model(2);
        refused("the coefficients were fitted for " + model.identity().get(0) + ", not for " + other.identity().get(0)
                + OTHERWISE, () -> coefficients.solver(new Ddim(), other));
    }

    @Test
    void anotherModelInAnotherWrapperIsRefused() {
        Denoiser other = Guidance.of(HandMade.model(2), 2);
        refused("the coefficients were fitted for " + model.identity().get(0) + ", not for " + other.identity().get(1)
                + " with guidance 2.0" + OTHERWISE, () -> coefficients.solver(new Ddim(), other));
    }

    @Test
    void anotherGuidanceIsRefused() {
        IiaCoefficients guided = HandMade.coefficients(Guidance.of(model, 3));
        refused("the coefficients were fitted for a model with guidance 3.0, not with guidance 2.0" + OTHERWISE,
                () -> guided.solver(new Ddim(), Guidance.of(model, 2)));
        refused("the coefficients were fitted for this model, but with guidance 3.0" + OTHERWISE,
                () -> guided.solver(new Ddim(), model));
        refused("the coefficients were fitted for this model, but not with guidance 2.0" + OTHERWISE,
                () -> coefficients.solver(new Ddim(), Guidance.of(model, 2)));
    }

    @Test
    void ofSeveralWrappersTheOneThatDiffersIsNamed() {
        IiaCoefficients wrapped = HandMade.coefficients(Inpainting.of(Guidance.of(X0Clipping.at(model, 1), 3)));
        refused("the coefficients were fitted for a model with guidance 3.0, not with guidance 2.0" + OTHERWISE,
                () -> wrapped.solver(new Ddim(), Inpainting.of(Guidance.of(X0Clipping.at(model, 1), 2))));
        refused("the coefficients were fitted for this model, but with guidance 3.0" + OTHERWISE,
                () -> wrapped.solver(new Ddim(), Inpainting.of(X0Clipping.at(model, 1))));
        refused("the coefficients were fitted for a model with guidance 3.0 under masks, not with guidance 2.0"
                + OTHERWISE,
                () -> wrapped.solver(new Ddim(), Guidance.of(X0Clipping.at(model, 1), 2)));
    }

    @Test
    void wrappersTwiceTheSameAreCounted() {
        IiaCoefficients once = HandMade.coefficients(Guidance.of(model, 3));
        refused("the coefficients were fitted for this model, but not with guidance 3.0" + OTHERWISE,
                () -> once.solver(new Ddim(), Guidance.of(Guidance.of(model, 3), 3)));
    }

    @Test
    void anotherSolverIsRefused() {
        refused("the coefficients were fitted for the solver " + new Ddim() + ", not for " + new Heun() + OTHERWISE,
                () -> coefficients.solver(new Heun(), model));
    }

    @Test
    void anotherPredictionIsRefused() {
        Solver solver = coefficients.solver(new Ddim(), model);
        refused("the coefficients were fitted for a model that predicts EPSILON, not SAMPLE" + OTHERWISE,
                () -> solver.system(HandMade.GRID, Prediction.SAMPLE));
    }

    @Test
    void anotherLevelIsRefused() {
        Solver solver = coefficients.solver(new Ddim(), model);
        NoiseLevel level = HandMade.GRID.level(1);
        refused("the coefficients were fitted for a grid whose row 1 is at time " + level.time() + " (alpha "
                + level.alpha() + ", sigma " + level.sigma() + "), not at time 1.5 (alpha " + level.alpha()
                + ", sigma " + level.sigma() + ")" + OTHERWISE,
                () -> solver.system(withTime(1, 1.5), Prediction.EPSILON));
    }

    @Test
    void aLevelThatWasRoundedElsewhereIsTaken() {
        Solver solver = coefficients.solver(new Ddim(), model);
        TimeGrid rounded = withTime(1, Math.nextUp(HandMade.GRID.level(1).time()));
        assertEquals(HandMade.GRID.steps(), solver.system(rounded, Prediction.EPSILON).rows());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void anotherNumberOfStepsIsRefusedEvenIfForced(int steps) {
        String message = "the coefficients were fitted for a grid of 3 steps, not of " + steps
                + ": fit them anew, or take 3 steps";
        Solver solver = coefficients.solver(new Ddim(), model);
        refused(message, () -> solver.system(TestGrids.linear(steps), Prediction.EPSILON));
        refused(message,
                () -> coefficients.forcedSolver(new Ddim()).system(TestGrids.linear(steps), Prediction.EPSILON));
    }

    @Test
    void whoForcesThemMayTakeWhatTheyLike() {
        TimeGrid other = TestGrids.angles(3, 1.5);
        assertEquals(3, coefficients.forcedSolver(new Ddim()).system(other, Prediction.VELOCITY).rows());
        assertEquals(3, coefficients.forcedSolver(new DpmSolverPlusPlus(2)).system(other, Prediction.SAMPLE).rows());
    }

    @Test
    void factorsWithoutVectorsAreRefusedEvenIfForced() {
        Solver slopes = HandMade.withFactors(Correction.by(CorrectionVectors.SLOPES), 0.5).forcedSolver(new Ddim());
        refused("the coefficients have 1 factors for step 2, but solver " + new Ddim()
                + " has 0 vectors there: fit them anew", () -> slopes.system(HandMade.GRID, Prediction.EPSILON));
        Solver few = HandMade.withFactors(new Correction(CorrectionVectors.EVALUATIONS, 1), 0.5, 0.25)
                .forcedSolver(new Ddim());
        refused("the coefficients have 2 factors for step 2, but solver " + new Ddim()
                + " has 4 vectors there: fit them anew", () -> few.system(HandMade.GRID, Prediction.EPSILON));
    }

    @Test
    void aNoisySolverIsRefusedEvenIfForced() {
        assertThrows(IllegalArgumentException.class,
                () -> coefficients.forcedSolver(new Ddim(1)).system(HandMade.GRID, Prediction.EPSILON));
    }

    @Test
    void asManyFactorsAsAStepCanHaveVectorsAreLegal() {
        for (CorrectionVectors vectors : CorrectionVectors.values()) {
            for (int history = 0; history <= vectors.maxHistory(); history++) {
                Correction correction = new Correction(vectors, history);
                List<Integer> legal = new ArrayList<>();
                for (int count = 0; count <= 9; count++) {
                    Double[] factors = new Double[count];
                    Arrays.fill(factors, 0.5);
                    try {
                        HandMade.withFactors(correction, factors);
                        legal.add(count);
                    } catch (IllegalArgumentException e) {
                        assertTrue(
                                e.getMessage().startsWith("steps[1].factors is " + count + " numbers: must be 0 or "),
                                e.getMessage());
                    }
                }
                assertEquals(possible(correction), legal, correction.toString());
            }
        }
    }

    /** What the vectors say of steps of one and of two stages. */
    private static List<Integer> possible(Correction correction) {
        TimeGrid grid = TestGrids.angles(6, 1.5);
        List<Integer> counts = new ArrayList<>(List.of(0));
        for (Solver solver : List.of(new Ddim(), new Heun())) {
            StepRows rows = StepRows.of(solver.system(grid, Prediction.EPSILON), grid, solver);
            for (int step = 1; step <= grid.steps(); step++) {
                counts.add(correction.vectors().count(rows, step, correction.history()));
            }
        }
        return counts.stream().distinct().sorted().toList();
    }

    @Test
    void illegalPartsAreRefused() {
        List<NoiseLevel> levels = HandMade.GRID.levels();
        refused("model is []: must be what a denoiser's identity says, one entry or more",
                () -> new Problem(List.of(), Prediction.EPSILON, "any", levels));
        refused("levels is no grid: a grid of 1 levels, legal: 2 or more",
                () -> new Problem(List.of("any"), Prediction.EPSILON, "any", levels.subList(0, 1)));
        refused("fineLevels is no grid: a grid of 0 levels, legal: 2 or more",
                () -> new Calibration("any", List.of(), 0, 1, 2, 0, true));
        refused("samples is 0: must be 1 or more", () -> new Calibration("any", levels, 0, 0, 2, 0, true));
        refused("heldOut is 1: must be 2 or more", () -> new Calibration("any", levels, 0, 1, 1, 0, true));
        refused("ridge is NaN: must be 0 or more, and finite",
                () -> new Calibration("any", levels, 0, 1, 2, Double.NaN, true));
        refused("factors is [1.0, NaN]: must be finite numbers",
                () -> new Step(List.of(1.0, Double.NaN), 2, true, 0, 0, 0));
        refused("rank is -1: must be 0 to the number of factors, 1",
                () -> new Step(List.of(1.0), -1, true, 0, 0, 0));
        refused("kept is true: must be false where there are no factors",
                () -> new Step(List.of(), 0, true, 0, 0, 0));
        refused("left is Infinity: must be 0 or more, and finite",
                () -> new Step(List.of(), 0, false, Double.POSITIVE_INFINITY, 0, 0));
        refused("errorBefore is -1.0: must be 0 or more, and finite", () -> new Step(List.of(), 0, false, 0, -1, 0));
        refused("errorAfter is NaN: must be 0 or more, and finite",
                () -> new Step(List.of(), 0, false, 0, 0, Double.NaN));
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() {
        refused("steps is 2 steps: must be 3, one for each level after the first",
                () -> whole(HandMade.steps().subList(0, 2), 0.5, 0.25));
        refused("plainError is NaN: must be 0 or more, and finite", () -> whole(HandMade.steps(), Double.NaN, 0));
        refused("correctedError is -1.0: must be 0 or more, and finite", () -> whole(HandMade.steps(), 0.5, -1));
        refused("correctedError is 0.75: must be no more than plainError, 0.5",
                () -> whole(HandMade.steps(), 0.5, 0.75));
    }

    private IiaCoefficients whole(List<Step> steps, double plainError, double correctedError) {
        return new IiaCoefficients(HandMade.problem(model), HandMade.CORRECTION, HandMade.calibration(), steps,
                plainError, correctedError);
    }

    private static TimeGrid withTime(int row, double time) {
        List<NoiseLevel> levels = new ArrayList<>(HandMade.GRID.levels());
        levels.set(row, new NoiseLevel(time, levels.get(row).alpha(), levels.get(row).sigma()));
        return new TimeGrid(levels);
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
