package dev.paraflux.iia;

import static dev.paraflux.iia.CorrectionVectors.DIFFERENCES;
import static dev.paraflux.iia.CorrectionVectors.EVALUATIONS;
import static dev.paraflux.iia.CorrectionVectors.NOISE;
import static dev.paraflux.iia.CorrectionVectors.RESIDUES;
import static dev.paraflux.iia.CorrectionVectors.SLOPES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.TriangularSystem;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each vector against one written by hand, in states and outputs of the solver's rows. */
class CorrectionVectorsTest {
    private static final int STEPS = 6;
    private static final List<Solver> ONE_ROW_A_STEP = List.of(new Ddim(), new DpmSolverPlusPlus(2), new Ipndm(4),
            new Spndm());
    private static final List<Solver> PREDICTED_AND_CORRECTED = List.of(new UniPc(2), new UniPc(3));

    /** The rows that are evaluated before a step's end, the latest first. */
    private interface Evaluated {
        List<Integer> before(int step);
    }

    /** Row i is x_i. */
    private static List<Integer> eachRow(int step) {
        List<Integer> rows = new ArrayList<>();
        for (int row = step - 1; row >= 0; row--) {
            rows.add(row);
        }
        return rows;
    }

    /** Row 2 i - 1 is the predictor of level i, row 2 i the corrector; there is none at the last one. */
    private static List<Integer> predictors(int step) {
        List<Integer> rows = new ArrayList<>();
        for (int level = Math.min(step, STEPS - 1); level > 0; level--) {
            rows.add(2 * level - 1);
        }
        rows.add(0);
        return rows;
    }

    /** Row 2 i is x_i, row 2 i + 1 the stage of the step from there. */
    private static List<Integer> stages(int step) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 2 * step - (step == STEPS ? 2 : 1); row >= 0; row--) {
            rows.add(row);
        }
        return rows;
    }

    /** Vectors that look at evaluations alone. */
    private static List<Sum> expected(TriangularSystem system, Correction correction, List<Integer> latest, int step) {
        List<Sum> sums = new ArrayList<>();
        switch (correction.vectors()) {
            case DIFFERENCES -> {
                if (latest.size() > 1) {
                    sums.add(new Sum(system).x0(latest.get(0), 1).x0(latest.get(1), -1));
                    sums.add(new Sum(system).epsilon(latest.get(0), 1).epsilon(latest.get(1), -1));
                }
            }
            case NOISE -> {
                if (step < STEPS) {
                    sums.add(new Sum(system).epsilon(latest.get(0), 1));
                }
            }
            default -> {
                for (int back = 0; back <= correction.history() && back < latest.size(); back++) {
                    sums.add(new Sum(system).x0(latest.get(back), 1));
                    sums.add(new Sum(system).epsilon(latest.get(back), 1));
                }
            }
        }
        return sums;
    }

    private static final List<Correction> OF_EVALUATIONS = List.of(Correction.by(DIFFERENCES), Correction.by(NOISE),
            Correction.by(EVALUATIONS), new Correction(EVALUATIONS, 1), new Correction(EVALUATIONS, 2));

    @ParameterizedTest
    @EnumSource(names = {"EPSILON", "SAMPLE", "VELOCITY"})
    void vectorsOfEvaluationsAreTheOnesWrittenByHand(Prediction prediction) {
        for (Correction correction : OF_EVALUATIONS) {
            ONE_ROW_A_STEP.forEach(solver -> requireVectors(solver, prediction, correction,
                    CorrectionVectorsTest::eachRow));
            PREDICTED_AND_CORRECTED.forEach(solver -> requireVectors(solver, prediction, correction,
                    CorrectionVectorsTest::predictors));
            requireVectors(new Heun(), prediction, correction, CorrectionVectorsTest::stages);
        }
    }

    private static void requireVectors(Solver solver, Prediction prediction, Correction correction,
            Evaluated evaluated) {
        for (TimeGrid grid : List.of(TestGrids.angles(STEPS, 1.4), TimeGrid.edm(STEPS, 0.002, 80, 7))) {
            TriangularSystem system = solver.system(grid, prediction);
            for (int step = 1; step <= STEPS; step++) {
                List<Sum> expected = expected(system, correction, evaluated.before(step), step);
                requireVectors(solver, grid, system, correction, step, expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPSILON", "SAMPLE", "VELOCITY"})
    void vectorsOfHeunsStagesAreTheOnesWrittenByHand(Prediction prediction) {
        TimeGrid toZero = TestGrids.angles(STEPS, 1.4);
        TimeGrid toNoise = new TimeGrid(TestGrids.angles(STEPS + 1, 1.4).levels().subList(0, STEPS + 1));
        for (TimeGrid grid : List.of(toZero, toNoise, TimeGrid.edm(STEPS, 0.002, 80, 7))) {
            TriangularSystem system = new Heun().system(grid, prediction);
            int lastWithStage = grid.level(STEPS).sigma() == 0 ? STEPS - 1 : STEPS;
            for (int history = 0; history <= 1; history++) {
                for (int step = 1; step <= STEPS; step++) {
                    List<Sum> slopes = new ArrayList<>();
                    List<Sum> residues = new ArrayList<>();
                    for (int i = step - 1; step <= lastWithStage && i >= Math.max(0, step - 1 - history); i--) {
                        slopes.add(new Sum(system).epsilon(2 * i, 0.5).epsilon(2 * i + 1, 0.5));
                        residues.add(new Sum(system).state(2 * i, 1).denoised(2 * i, -1));
                        // Both D are on the scale of the step's own level: alpha x0 of the full row, of the stage too.
                        double alpha = grid.level(i).alpha();
                        residues.add(new Sum(system).x0(2 * i, alpha).x0(2 * i + 1, -alpha));
                    }
                    requireVectors(new Heun(), grid, system, new Correction(SLOPES, history), step, slopes);
                    requireVectors(new Heun(), grid, system, new Correction(RESIDUES, history), step, residues);
                }
            }
        }
    }

    /** As they stand in the calibration of the step, after Psi, and once more in the corrected table. */
    private static void requireVectors(Solver solver, TimeGrid grid, TriangularSystem system, Correction correction,
            int step, List<Sum> expected) {
        CorrectedTable table = new CorrectedTable(StepRows.of(system, grid, solver), correction);
        String what = solver + ", " + correction + ", step " + step;
        assertEquals(expected.size(), table.count(step), what);
        double[][] factors = new double[STEPS][0];
        if (!expected.isEmpty()) {
            TriangularSystem fine = solver.system(
                    new TimeGrid(grid.refined(4).levels().subList(4 * step - 4, 4 * step + 1)), system.prediction());
            TriangularSystem run = table.calibration(step, factors, fine);
            int psi = table.psi(step, fine);
            assertEquals(expected.size() + 1, run.rows() - psi, what);
            for (int c = 0; c < expected.size(); c++) {
                expected.get(c).requireEqual(Sum.ofRow(run, psi + 1 + c), Tolerances.COEFFICIENT, what);
            }
            factors[step - 1] = new double[expected.size()];
        }
        int end = StepRows.of(system, grid, solver).row(step);
        Sum corrected = Sum.ofRow(system, end);
        for (int c = 0; c < expected.size(); c++) {
            factors[step - 1][c] = 0.3 - 0.2 * c;
            corrected.plus(factors[step - 1][c], expected.get(c));
        }
        TriangularSystem whole = table.corrected(factors);
        assertEquals(system.rows(), whole.rows());
        for (int row = 1; row <= system.rows(); row++) {
            NoiseLevel level = system.level(row);
            assertEquals(level, whole.level(row));
            assertEquals(system.parent(row), whole.parent(row));
            (row == end ? corrected : Sum.ofRow(system, row)).requireEqual(Sum.ofRow(whole, row),
                    Tolerances.COEFFICIENT, what + ", row " + row);
        }
    }
}
