package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.paraflux.TestGrids;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus2S;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One fine step a step is, for a solver that does not look back, the step itself: there is nothing to correct. */
class ExactReferenceTest {
    private static final int STEPS = 5;

    static List<Solver> solvers() {
        return List.of(new Ddim(), new Euler(), new Heun(), new DpmSolverPlusPlus2S());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void allFactorsAreZeroWhereTheFineStepIsTheStep(Solver solver) {
        for (int dim : new int[] {1, 4, 13}) {
            try (Denoiser denoiser = TestMixtures.mixture(dim, 3)) {
                for (TimeGrid grid : List.of(TestGrids.angles(STEPS, 1.4), TimeGrid.edm(STEPS, 0.002, 80, 7))) {
                    for (Correction correction : corrections(solver)) {
                        IiaCoefficients fitted = IiaFitter.builder(denoiser, grid).solver(solver)
                                .corrections(correction).fineSteps(1).samples(3).heldOut(2).batch(2).fit();
                        for (IiaCoefficients.Step step : fitted.steps()) {
                            step.factors().forEach(factor -> assertEquals(0, factor, 1e-10));
                            assertFalse(step.kept(), step.toString());
                            assertEquals(1, step.left(), "nothing was there to correct");
                        }
                        assertEquals(0, fitted.plainError());
                        assertEquals(0, fitted.correctedError());
                        assertEquals(1, fitted.ratio());
                        assertEquals(0, fitted.keptSteps());
                    }
                }
            }
        }
    }

    private static List<Correction> corrections(Solver solver) {
        List<Correction> corrections = new ArrayList<>();
        for (CorrectionVectors vectors : CorrectionVectors.values()) {
            boolean ofStages = vectors == CorrectionVectors.SLOPES || vectors == CorrectionVectors.RESIDUES;
            boolean hasStages = solver instanceof Heun || solver instanceof DpmSolverPlusPlus2S;
            for (int history = 0; history <= vectors.maxHistory() && (hasStages || !ofStages); history++) {
                corrections.add(new Correction(vectors, history));
            }
        }
        return corrections;
    }

    /** Two of them differ from one: or the test above would pass for a reference that nobody looked at. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10})
    void moreFineStepsLeaveSomethingToCorrect(int parts) {
        try (Denoiser denoiser = TestMixtures.mixture(4, 3)) {
            IiaCoefficients fitted = IiaFitter.builder(denoiser, TestGrids.angles(STEPS, 1.4)).fineSteps(parts)
                    .samples(8).heldOut(8).fit();
            assertFalse(fitted.plainError() < 0.01, "error " + fitted.plainError());
            assertFalse(fitted.correctedError() > 0.5 * fitted.plainError(), "error " + fitted.correctedError());
        }
    }
}
