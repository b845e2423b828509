package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.RunOptions;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits that come to no end. */
class FitFailureTest {
    private static final TimeGrid GRID = TestGrids.angles(4, 1.4);

    private static IiaFitter.Builder fitter(TestDenoisers.Recording model, Solver solver) {
        return IiaFitter.builder(model, GRID).solver(solver).fineSteps(3).samples(4).heldOut(3).batch(2);
    }

    private static void diverges(TestDenoisers.Recording model, Solver solver) {
        String message = assertThrows(IllegalStateException.class, fitter(model, solver)::fit).getMessage();
        assertTrue(message.startsWith("the calibration diverged: "), message);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void predictionThatIsNotFiniteEndsTheFitAndIsNamed(float value) {
        for (Solver solver : List.of(new Ddim(), new Heun())) {
            diverges(TestDenoisers.bent(3).spoil((level, condition) -> level.time() < 400).spoilWith(value), solver);
        }
    }

    /** The held-out seeds pass the fine steps whole, and the calibration seeds each step alone. */
    @Test
    void predictionThatIsNotFiniteOnlyInTheCalibrationEndsTheFitToo() {
        TestDenoisers.Recording counting = TestDenoisers.bent(3);
        List<Integer> calls = new ArrayList<>();
        fitter(counting, new Ddim()).listener((correction, step, steps, result) -> calls.add(counting.calls())).fit();
        TestDenoisers.Recording model = TestDenoisers.bent(3);
        model.spoil((level, condition) -> model.calls() > calls.get(0) && model.calls() < calls.get(0) + 3);
        diverges(model, new Ddim());
        assertTrue(model.calls() < calls.get(1));
    }

    /** Finite predictions, but rows that are no floats any more; and rows that are, but whose squares are large. */
    @ParameterizedTest
    @ValueSource(doubles = {1e10, 1e20, 1e30, 1e37})
    void steepModelsEndWithAnAnswerOrTellThatTheyDiverge(double lipschitz) {
        try {
            IiaCoefficients fitted = fitter(TestDenoisers.steep(3, lipschitz), new Ddim()).fit();
            assertTrue(Double.isFinite(fitted.plainError()) && fitted.correctedError() <= fitted.plainError());
            fitted.steps().forEach(step -> step.factors()
                    .forEach(factor -> assertTrue(Double.isFinite(factor), step.toString())));
        } catch (IllegalStateException e) {
            assertTrue(e.getMessage().startsWith("the calibration diverged: "), e.getMessage());
        }
    }

    /** It is one to be left out, and no end of the fit. */
    @Test
    void candidateThatDivergesOnHeldOutSeedsIsWorseThanAny() {
        TestDenoisers.Recording model = TestDenoisers.bent(3);
        StepRows plain = StepRows.of(new Ddim().system(GRID, model.prediction()), GRID, new Ddim());
        SeededRuns runs = new SeededRuns(model, GRID, List.of(Condition.none()), 1, 3, 3, RunOptions.defaults());
        double[][] factors = {{}, {1e60, 1e60}, {}, {}};
        try (HeldOut heldOut = new HeldOut(runs, plain.system(), plain.system().rows())) {
            double[] before = heldOut.errors(plain.system(), 0);
            double[] after = heldOut.errorsOfCandidate(new CorrectedTable(plain,
                    Correction.by(CorrectionVectors.EVALUATIONS)).corrected(factors), plain.row(1));
            assertEquals(1e150, Errors.rms(after), 1e137);
            assertFalse(Errors.fell(before, after));
            assertArrayEquals(before, heldOut.errors(plain.system(), plain.row(1)));
        }
    }

    @Test
    void hugePredictionsDiverge() {
        diverges(TestDenoisers.of(3, Prediction.EPSILON, (x, level, condition, e) -> 3e38), new Ddim());
        diverges(TestDenoisers.steep(3, 1e30), new Ddim());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20, 40, 60})
    void cancelTakesEffectWithinOneModelCall(int call) {
        Cancellation cancellation = new Cancellation();
        TestDenoisers.Recording model = TestDenoisers.bent(3);
        model.beforeCall(batch -> {
            if (model.calls() == call) {
                cancellation.cancel();
            }
        });
        IiaFitter.Builder builder = fitter(model, new Heun()).cancellation(cancellation);
        String message = assertThrows(CancellationException.class, builder::fit).getMessage();
        assertEquals(call, model.calls());
        // What was its last call of one run ends the fit as the next one begins.
        assertTrue(message.matches("the calibration was stopped (in round \\d+|before its first round)\\b.*"), message);
    }

    @Test
    void modelThatThrowsEndsTheFitWithItsOwnWords() {
        TestDenoisers.Recording model = TestDenoisers.bent(3).beforeCall(batch -> {
            throw new UnsupportedOperationException("no");
        });
        assertEquals("no", assertThrows(UnsupportedOperationException.class, fitter(model, new Ddim())::fit)
                .getMessage());
    }

    @Test
    void listenerIsToldOfEveryStepOfEveryCorrection() {
        List<String> told = new ArrayList<>();
        List<IiaCoefficients.Step> results = new ArrayList<>();
        IiaCoefficients fitted = fitter(TestDenoisers.bent(3), new Ddim())
                .corrections(Correction.by(CorrectionVectors.NOISE), new Correction(CorrectionVectors.EVALUATIONS, 1))
                .listener((correction, step, steps, result) -> {
                    told.add(correction + " " + step + "/" + steps);
                    results.add(result);
                }).fit();
        assertEquals(List.of("NOISE 1/4", "NOISE 2/4", "NOISE 3/4", "NOISE 4/4", "EVALUATIONS with history 1 1/4",
                "EVALUATIONS with history 1 2/4", "EVALUATIONS with history 1 3/4", "EVALUATIONS with history 1 4/4"),
                told);
        int taken = fitted.correction().vectors() == CorrectionVectors.NOISE ? 0 : 4;
        assertEquals(results.subList(taken, taken + 4), fitted.steps());
    }
}
