package dev.paraflux.iia;

import static dev.paraflux.iia.CorrectionVectors.DIFFERENCES;
import static dev.paraflux.iia.CorrectionVectors.EVALUATIONS;
import static dev.paraflux.iia.CorrectionVectors.NOISE;
import static dev.paraflux.iia.CorrectionVectors.RESIDUES;
import static dev.paraflux.iia.CorrectionVectors.SLOPES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole fits against {@link FitOracle}. */
class FitTest {
    private static final int STEPS = 5;
    private static final int PARTS = 4;
    private static final int SAMPLES = 6;
    private static final int HELD_OUT = 5;
    private static final long SEED = 1234;
    /** Vectors and targets are differences of float rows, which may have been rounded once more. */
    private static final double FLOAT_ROWS = 1e-4;
    /** Shares of the largest singular value. */
    private static final double NOT_ROUNDING = 1e-6;
    private static final double INDEPENDENT = 1e-3;

    static List<Arguments> fits() {
        List<Correction> ofEvaluations = List.of(Correction.by(DIFFERENCES), Correction.by(NOISE),
                Correction.by(EVALUATIONS), new Correction(EVALUATIONS, 1), new Correction(EVALUATIONS, 2));
        List<Arguments> fits = new ArrayList<>();
        for (Solver solver : List.of(new Ddim(), new DpmSolverPlusPlus(2), new Ipndm(4), new UniPc(2), new Heun())) {
            ofEvaluations.forEach(correction -> fits.add(Arguments.of(solver, correction)));
        }
        for (CorrectionVectors vectors : List.of(SLOPES, RESIDUES)) {
            fits.add(Arguments.of(new Heun(), Correction.by(vectors)));
            fits.add(Arguments.of(new Heun(), new Correction(vectors, 1)));
        }
        return fits;
    }

    private static IiaCoefficients fit(Denoiser denoiser, TimeGrid grid, Solver solver, Correction correction,
            boolean onCorrected) {
        return IiaFitter.builder(denoiser, grid).solver(solver).corrections(correction).fineSteps(PARTS).seed(SEED)
                .samples(SAMPLES).heldOut(HELD_OUT).batch(4).onCorrected(onCorrected).fit();
    }

    private static List<double[]> starts(FitOracle oracle, long first, int count, int dim) {
        return LongStream.range(first, first + count).mapToObj(seed -> oracle.start(seed, dim)).toList();
    }

    /**
     * Where vectors depend on each other but for roundings, or nearly so, which direction still counts is a matter of
     * taste: what is left then lies between what is left with all directions, and with those alone that are clearly
     * independent.
     */
    private static void requireFactors(FitOracle oracle, IiaCoefficients fitted, List<double[]> starts,
            boolean onCorrected, double tolerance) {
        double[][] factors = new double[STEPS][0];
        for (int step = 1; step <= STEPS; step++) {
            IiaCoefficients.Step found = fitted.steps().get(step - 1);
            LeastSquares problem = oracle.problem(step, factors, starts);
            String what = oracle.solver() + ", " + oracle.correction() + ", step " + step + ": " + found;
            assertEquals(problem.count(), found.factors().size(), what);
            if (problem.count() > 0) {
                double[] actual = found.factors().stream().mapToDouble(Double::doubleValue).toArray();
                LeastSquares unit = problem.unit();
                double[] all = unit.leastNormFactors(NOT_ROUNDING);
                double[] clear = unit.leastNormFactors(INDEPENDENT);
                double least = unit.shareLeft(all);
                double most = unit.shareLeft(clear);
                assertEquals(problem.shareLeft(actual), found.left(), tolerance, what);
                assertTrue(least - tolerance < found.left() && found.left() < most + tolerance,
                        what + " is not in " + least + " to " + most);
                if (unit.rank(NOT_ROUNDING) == unit.rank(INDEPENDENT)) {
                    double[] expected = unit.sum(all);
                    double[] difference = problem.sum(actual);
                    Arrays.setAll(difference, e -> difference[e] - expected[e]);
                    assertEquals(0, rms(difference) / rms(problem.target()), tolerance, what);
                    assertEquals(unit.rank(INDEPENDENT), found.rank(), what);
                }
                factors[step - 1] = onCorrected && found.kept() ? actual : new double[0];
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fits")
    void factorsOfAMixtureAreThoseOfLeastSquaresOnTheVectorsThemselves(Solver solver, Correction correction) {
        int dim = 3;
        for (TimeGrid grid : List.of(TestGrids.angles(STEPS, 1.4), TimeGrid.edm(STEPS, 0.002, 80, 7))) {
            try (Denoiser denoiser = TestMixtures.mixture(dim, 3)) {
                for (boolean onCorrected : new boolean[] {true, false}) {
                    FitOracle oracle = FitOracle.rounded(denoiser, solver, grid, PARTS, correction);
                    requireFactors(oracle, fit(denoiser, grid, solver, correction, onCorrected),
                            starts(oracle, SEED, SAMPLES, dim), onCorrected, FLOAT_ROWS);
                }
            }
        }
    }

    /** Every element goes a way of its own, so that there are as many directions as vectors; and nothing is rounded. */
    @ParameterizedTest
    @MethodSource("fits")
    void factorsOfALinearModelAreThoseOfAFitInDouble(Solver solver, Correction correction) {
        int dim = 7;
        TimeGrid grid = TestGrids.angles(STEPS, 1.4);
        FitOracle.Model model = (x, level) -> {
            double[] epsilon = new double[x.length];
            Arrays.setAll(epsilon, e -> TestMixtures.diagonal(x[e], level, e));
            return epsilon;
        };
        FitOracle oracle = new FitOracle(model, value -> value, solver, grid, PARTS, correction);
        requireFactors(oracle, fit(TestMixtures.diagonal(dim, Prediction.EPSILON), grid, solver, correction, true),
                starts(oracle, SEED, SAMPLES, dim), true, 1e-3);
    }

    /** The same model in other words has the same factors; rows round otherwise. */
    @ParameterizedTest
    @EnumSource(names = {"SAMPLE", "VELOCITY", "FLOW"})
    void factorsDoNotDependOnWhatTheModelPredicts(Prediction prediction) {
        for (TimeGrid grid : List.of(TestGrids.angles(STEPS, 1.4), TimeGrid.edm(STEPS, 0.02, 20, 7))) {
            for (Solver solver : List.of(new Ddim(), new Heun())) {
                Correction correction = Correction.by(solver instanceof Heun ? RESIDUES : EVALUATIONS);
                IiaCoefficients epsilon = fit(TestMixtures.diagonal(7, Prediction.EPSILON), grid, solver, correction,
                        true);
                IiaCoefficients other = fit(TestMixtures.diagonal(7, prediction), grid, solver, correction, true);
                assertEquals(epsilon.plainError(), other.plainError(), 1e-4 * epsilon.plainError());
                for (int step = 0; step < STEPS; step++) {
                    String what = epsilon.steps().get(step) + " and " + other.steps().get(step);
                    List<Double> expected = epsilon.steps().get(step).factors();
                    assertEquals(expected.size(), other.steps().get(step).factors().size(), what);
                    for (int c = 0; c < expected.size(); c++) {
                        double tolerance = 1e-3 * (1 + Collections.max(expected) - Collections.min(expected));
                        assertEquals(expected.get(c), other.steps().get(step).factors().get(c), tolerance, what);
                    }
                }
            }
        }
    }

    /** And a step is kept if the mean of squares falls by more than its standard error. */
    @ParameterizedTest
    @MethodSource("fits")
    void heldOutErrorsAreThoseOfTheSeedsAfterTheFitted(Solver solver, Correction correction) {
        int dim = 3;
        TimeGrid grid = TestGrids.angles(STEPS, 1.4);
        try (Denoiser denoiser = TestMixtures.mixture(dim, 3)) {
            IiaCoefficients fitted = fit(denoiser, grid, solver, correction, true);
            FitOracle oracle = FitOracle.rounded(denoiser, solver, grid, PARTS, correction);
            List<double[]> starts = starts(oracle, SEED + SAMPLES, HELD_OUT, dim);
            double[][] factors = new double[STEPS][0];
            double[] before = squares(oracle, factors, starts);
            assertEquals(rms(before), fitted.plainError(), 1e-6);
            for (int step = 1; step <= STEPS; step++) {
                IiaCoefficients.Step found = fitted.steps().get(step - 1);
                String what = "step " + step + ": " + found;
                factors[step - 1] = found.factors().stream().mapToDouble(Double::doubleValue).toArray();
                double[] after = squares(oracle, factors, starts);
                assertEquals(rms(before), found.errorBefore(), 1e-6, what);
                assertEquals(rms(after), found.errorAfter(), 1e-6, what);
                double[] fall = new double[HELD_OUT];
                for (int s = 0; s < HELD_OUT; s++) {
                    fall[s] = before[s] * before[s] - after[s] * after[s];
                }
                double mean = Arrays.stream(fall).average().orElseThrow();
                double variance = Arrays.stream(fall).map(value -> (value - mean) * (value - mean)).sum()
                        / (HELD_OUT - 1);
                double excess = mean - Math.sqrt(variance / HELD_OUT);
                assertTrue(Math.abs(excess) < 1e-7 || excess > 0 == found.kept(), what + ", excess " + excess);
                if (found.kept()) {
                    before = after;
                } else {
                    factors[step - 1] = new double[0];
                }
            }
            assertEquals(rms(before), fitted.correctedError(), 1e-6);
            assertTrue(fitted.correctedError() <= fitted.plainError());
            assertArrayEquals(factors, fitted.factors());
        }
    }

    @Test
    void correctionWithTheLeastHeldOutErrorIsTaken() {
        TimeGrid grid = TimeGrid.edm(STEPS, 0.002, 80, 7);
        Correction[] tried = {Correction.by(SLOPES), Correction.by(RESIDUES), new Correction(RESIDUES, 1)};
        try (Denoiser denoiser = TestMixtures.mixture(3, 3)) {
            IiaCoefficients taken = IiaFitter.builder(denoiser, grid).solver(new Heun()).corrections(tried)
                    .fineSteps(PARTS).seed(SEED).samples(SAMPLES).heldOut(HELD_OUT).fit();
            List<IiaCoefficients> alone = Arrays.stream(tried)
                    .map(correction -> fit(denoiser, grid, new Heun(), correction, true)).toList();
            double least = alone.stream().mapToDouble(IiaCoefficients::correctedError).min().orElseThrow();
            assertEquals(least, taken.correctedError());
            assertTrue(alone.contains(taken), taken.toString());
        }
    }

    /** Of each start, how far its end is from the fine one. */
    private static double[] squares(FitOracle oracle, double[][] factors, List<double[]> starts) {
        return starts.stream().mapToDouble(start -> {
            double[] end = oracle.end(factors, start);
            double[] fine = oracle.fineEnd(start);
            double[] difference = new double[end.length];
            Arrays.setAll(difference, e -> end[e] - fine[e]);
            return rms(difference);
        }).toArray();
    }

    private static double rms(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).average().orElse(0));
    }
}
