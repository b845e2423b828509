package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.iia.IiaCoefficients.Calibration;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.json.Description;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.model.around.X0Clipping;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IiaCoefficientsTest {
    private static final String FITTED = ", as when the coefficients were fitted; fit them again, or force them";

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
        refused("model " + other.identity() + ": must be " + model.identity() + FITTED,
                () -> coefficients.solver(new Ddim(), other));
    }

    @Test
    void anotherModelInAnotherWrapperIsRefused() {
        Denoiser other = Guidance.of(HandMade.model(2), 2);
        String shown = other.identity().toString().substring(0, 80) + "...";
        refused("model " + shown + ": must be " + model.identity() + FITTED,
                () -> coefficients.solver(new Ddim(), other));
    }

    @Test
    void anotherGuidanceIsRefused() {
        IiaCoefficients guided = HandMade.coefficients(Guidance.of(model, 3));
        refused("model with guidance (weight 2): must be with guidance (weight 3)" + FITTED,
                () -> guided.solver(new Ddim(), Guidance.of(model, 2)));
        refused("model without more around it: must be with guidance (weight 3)" + FITTED,
                () -> guided.solver(new Ddim(), model));
        refused("model with guidance (weight 2): must be without more around it" + FITTED,
                () -> coefficients.solver(new Ddim(), Guidance.of(model, 2)));
    }

    @Test
    void ofSeveralWrappersTheOneThatDiffersIsNamed() {
        IiaCoefficients wrapped = HandMade.coefficients(Inpainting.of(Guidance.of(X0Clipping.at(model, 1), 3)));
        refused("model with guidance (weight 2): must be with guidance (weight 3)" + FITTED,
                () -> wrapped.solver(new Ddim(), Inpainting.of(Guidance.of(X0Clipping.at(model, 1), 2))));
        refused("model without more around it: must be with guidance (weight 3)" + FITTED,
                () -> wrapped.solver(new Ddim(), Inpainting.of(X0Clipping.at(model, 1))));
        refused("model with guidance (weight 2): must be with inpainting around guidance (weight 3)" + FITTED,
                () -> wrapped.solver(new Ddim(), Guidance.of(X0Clipping.at(model, 1), 2)));
    }

    @Test
    void wrappersTwiceTheSameAreCounted() {
        IiaCoefficients once = HandMade.coefficients(Guidance.of(model, 3));
        refused("model with guidance (weight 3): must be without more around it" + FITTED,
                () -> once.solver(new Ddim(), Guidance.of(Guidance.of(model, 3), 3)));
    }

    @Test
    void anotherSolverIsRefusedByItsTable() {
        Solver heun = coefficients.solver(new Heun(), model);
        refused("solver heun: must be ddim (eta 0, noiseInLastStep false), or one of the same coefficients; row 2 differs"
                + FITTED,
                () -> heun.system(HandMade.GRID, Prediction.EPSILON));
        assertFalse(coefficients.isFor(new Heun(), HandMade.GRID));
        assertFalse(coefficients.isFor(new Ddim(1), HandMade.GRID));
        assertFalse(coefficients.isFor(new DpmSolverPlusPlus(3), HandMade.GRID.from(2)));
    }

    /** Of order 1, DPM-Solver++ is DDIM, but for roundings. */
    @Test
    void aSolverOfTheSameTableIsTheSameWhateverItIsCalled() {
        Solver other = new DpmSolverPlusPlus(1);
        assertTrue(coefficients.isFor(other, HandMade.GRID));
        assertEquals(HandMade.GRID.steps(),
                coefficients.solver(other, model).system(HandMade.GRID, Prediction.EPSILON).rows());
    }

    /** A later version may correct a formula, and the name stays. */
    @Test
    void aSolverOfTheSameNameAndAnotherTableIsRefused() {
        List<SolverTable.Row> rows = new ArrayList<>(HandMade.table().rows());
        SolverTable.Row row = rows.get(1);
        rows.set(1, new SolverTable.Row(row.level(), row.parent(), row.parentFactor() * (1 + 1e-6), row.predictions(),
                row.states()));
        Problem problem = new Problem(model.identity(), Prediction.EPSILON, Optional.empty(), HandMade.DDIM,
                HandMade.GRID.levels(), new SolverTable(rows));
        Solver solver = new IiaCoefficients(problem, HandMade.CORRECTION, HandMade.calibration(), HandMade.steps(), 0.5,
                0.25).solver(new Ddim(), model);
        refused("solver ddim (eta 0, noiseInLastStep false): must be one that has the same coefficients in row 2"
                + FITTED,
                () -> solver.system(HandMade.GRID, Prediction.EPSILON));
    }

    @Test
    void anotherPredictionIsRefused() {
        Solver solver = coefficients.solver(new Ddim(), model);
        refused("prediction of the model SAMPLE: must be EPSILON" + FITTED,
                () -> solver.system(HandMade.GRID, Prediction.SAMPLE));
    }

    @Test
    void anotherLevelIsRefused() {
        Solver solver = coefficients.solver(new Ddim(), model);
        NoiseLevel level = HandMade.GRID.level(1);
        String found = assertThrows(IllegalValueException.class,
                () -> solver.system(withTime(1, 1.5), Prediction.EPSILON)).getMessage();
        assertTrue(found.startsWith("level 1 of the grid time 1.5, alpha "), found);
        assertTrue(found.endsWith(": must be time " + level.time() + ", alpha " + level.alpha() + ", sigma "
                + level.sigma() + FITTED), found);
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
        String message = "number of steps " + steps
                + ": must be 3, as when the coefficients were fitted; fit them again for another number";
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
        refused("number of factors of step 2 1: must be 0, as solver ddim (eta 0, noiseInLastStep false) has vectors there; fit them again",
                () -> slopes.system(HandMade.GRID, Prediction.EPSILON));
        Solver few = HandMade.withFactors(new Correction(CorrectionVectors.EVALUATIONS, 1), 0.5, 0.25)
                .forcedSolver(new Ddim());
        refused("number of factors of step 2 2: must be 4, as solver ddim (eta 0, noiseInLastStep false) has vectors there; fit them again",
                () -> few.system(HandMade.GRID, Prediction.EPSILON));
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
                        assertTrue(e.getMessage()
                                .startsWith("number of steps[1].factors " + count + ": must be 0 or "),
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
        List<Description> conditions = List.of(Condition.none().description());
        refused("number of parts 0: must be 1 or more", () -> new ModelIdentity(List.of()));
        refused("levels: levels of a grid 1: must be 2 or more", () -> new Problem(model.identity(), Prediction.EPSILON,
                Optional.empty(), HandMade.DDIM, levels.subList(0, 1), HandMade.table()));
        refused("fineLevels: levels of a grid 0: must be 2 or more",
                () -> new Calibration(HandMade.DDIM, List.of(), conditions, 0, 1, 2, 0, true));
        refused("number of conditions 0: must be 1 or more",
                () -> new Calibration(HandMade.DDIM, levels, List.of(), 0, 1, 2, 0, true));
        refused("samples 0: must be 1 or more",
                () -> new Calibration(HandMade.DDIM, levels, conditions, 0, 0, 2, 0, true));
        refused("heldOut 1: must be 2 or more",
                () -> new Calibration(HandMade.DDIM, levels, conditions, 0, 1, 1, 0, true));
        refused("ridge NaN: must be 0 or more, and finite",
                () -> new Calibration(HandMade.DDIM, levels, conditions, 0, 1, 2, Double.NaN, true));
        refused("factors[1] NaN: must be finite", () -> new Step(List.of(1.0, Double.NaN), 2, true, 0, 0, 0));
        refused("rank -1: must be 0 to the number of factors, 1",
                () -> new Step(List.of(1.0), -1, true, 0, 0, 0));
        refused("kept true: must be false where there are no factors",
                () -> new Step(List.of(), 0, true, 0, 0, 0));
        refused("left Infinity: must be 0 or more, and finite",
                () -> new Step(List.of(), 0, false, Double.POSITIVE_INFINITY, 0, 0));
        refused("errorBefore -1.0: must be 0 or more, and finite", () -> new Step(List.of(), 0, false, 0, -1, 0));
        refused("errorAfter NaN: must be 0 or more, and finite",
                () -> new Step(List.of(), 0, false, 0, 0, Double.NaN));
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() {
        refused("number of steps 2: must be 3, one for each level after the first",
                () -> whole(HandMade.steps().subList(0, 2), 0.5, 0.25));
        refused("plainError NaN: must be 0 or more, and finite", () -> whole(HandMade.steps(), Double.NaN, 0));
        refused("correctedError -1.0: must be 0 or more, and finite", () -> whole(HandMade.steps(), 0.5, -1));
        refused("correctedError 0.75: must be no more than plainError, 0.5",
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
        assertEquals(message, assertThrows(IllegalValueException.class, call).getMessage());
    }

    private static void refusedFrom(String begin, Executable call) {
        String found = assertThrows(IllegalValueException.class, call).getMessage();
        assertTrue(found.startsWith(begin), found);
    }
}
