package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Condition;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A corrected table is a table: every method solves it, to the bit where it is asked to. */
class CorrectedSolversInMethodsTest {
    private static final int DIM = 5;
    private static final int STEPS = 7;
    private static final GaussianMixtureDenoiser MODEL = TestMixtures.mixture(DIM, 3);

    static List<Arguments> solvers() {
        return List.of(Arguments.of(new Ddim(), new Correction(CorrectionVectors.EVALUATIONS, 0)),
                Arguments.of(new Ddim(), new Correction(CorrectionVectors.EVALUATIONS, 2)),
                Arguments.of(new Ddim(), Correction.by(CorrectionVectors.DIFFERENCES)),
                Arguments.of(new DpmSolverPlusPlus(2), new Correction(CorrectionVectors.EVALUATIONS, 1)),
                Arguments.of(new UniPc(2), new Correction(CorrectionVectors.EVALUATIONS, 1)),
                Arguments.of(new Heun(), new Correction(CorrectionVectors.RESIDUES, 1)),
                Arguments.of(new Heun(), new Correction(CorrectionVectors.SLOPES, 0)));
    }

    /** Where there is something to correct. */
    private static TimeGrid grid(Solver base) {
        return base instanceof Heun ? TimeGrid.edm(STEPS, 0.002, 80, 7) : TestGrids.angles(STEPS, 1.4);
    }

    private static IiaCoefficients fit(Solver base, Correction correction) {
        IiaCoefficients coefficients = IiaFitter.builder(MODEL, grid(base)).solver(base).corrections(correction)
                .fineSteps(4)
                .samples(8).heldOut(8).fit();
        assertTrue(coefficients.keptSteps() > 0, coefficients.toString());
        return coefficients;
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void everyMethodEndsAtTheSequentialCorrectedSample(Solver base, Correction correction) {
        Solver solver = fit(base, correction).solver(base, MODEL);
        Runs runs = new Runs(MODEL, grid(base), solver);
        List<Request> requests = List.of(Request.seed(1), Request.seed(2).withLabel(1));
        List<Sample> sequential = runs.run(new Sequential(), requests);
        ParaTaa exact = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0));
        List<Method> methods = new ArrayList<>(
                List.of(Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)),
                        Picard.defaults().withWindow(3).withTolerance(Tolerance.steps(0)),
                        exact, exact.withWindow(5).withFirstGuess(FirstGuess.coarse(3))));
        for (int blocks = 1; blocks <= STEPS; blocks++) {
            Srds srds = Srds.defaults().withBlocks(blocks).withStop(StopRule.pixels(0));
            methods.addAll(List.of(srds, srds.withPipelined(false),
                    Chords.ofCores(blocks).withStop(StopRule.pixels(0))));
        }
        for (Method method : methods) {
            List<Sample> samples = runs.run(method, requests);
            for (int s = 0; s < 2; s++) {
                assertEquals(Status.COMPLETED, samples.get(s).status(), method.toString());
                assertArrayEquals(sequential.get(s).values(), samples.get(s).values(), solver + ", " + method);
            }
        }
    }

    /** The bits of the corrected rows on Java arrays, and but for roundings those of the vectors as they are on paper. */
    @ParameterizedTest
    @MethodSource("solvers")
    void sequentialSampleIsThatOfPlainSubstitution(Solver base, Correction correction) {
        IiaCoefficients coefficients = fit(base, correction);
        Solver solver = coefficients.solver(base, MODEL);
        float[] sample = new Runs(MODEL, grid(base), solver).sequential(Request.seed(3));
        FitOracle oracle = FitOracle.rounded(MODEL, base, grid(base), 4, correction);
        double[] start = oracle.start(3, DIM);
        float[] startRow = new float[DIM];
        for (int e = 0; e < DIM; e++) {
            startRow[e] = (float) start[e];
        }
        float[][] rows = ForwardSubstitution.solve(solver.system(grid(base), Prediction.EPSILON), MODEL,
                Condition.none(),
                startRow, null);
        assertArrayEquals(rows[rows.length - 1], sample);
        double[] expected = oracle.end(coefficients.factors(), start);
        float[] plain = new Runs(MODEL, grid(base), base).sequential(Request.seed(3));
        for (int e = 0; e < DIM; e++) {
            assertEquals(expected[e], sample[e], Tolerances.FLOAT_RUN);
        }
        assertTrue(Runs.distance(plain, sample) > 1e-3, "the factors did nothing");
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void correctedSolverTakesNoEvaluationMore(Solver base, Correction correction) {
        Solver solver = fit(base, correction).solver(base, MODEL);
        int plain = new Runs(MODEL, grid(base), base).run(new Sequential(), Request.seed(1)).stats().evaluations();
        assertEquals(plain,
                new Runs(MODEL, grid(base), solver).run(new Sequential(), Request.seed(1)).stats().evaluations());
    }
}
