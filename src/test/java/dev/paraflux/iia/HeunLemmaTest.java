package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Tolerances;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.TriangularSystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lemma 1 of arXiv 2304.11328, and BIIA's slope: what Heun's step is made of, in the table's coefficients, with Euler's
 * step in place of the stage's state.
 */
class HeunLemmaTest {
    private static final int[] STEPS = {2, 5, 18};

    private static TimeGrid grid(int steps) {
        return TimeGrid.edm(steps, 0.002, 80, 7);
    }

    /** Row 2 i of the table is x_i; rows 2 i + 1 are the stages. */
    private static Sum vector(TriangularSystem system, TimeGrid grid, Correction correction, int step, int vector) {
        var rows = new TriangularSystem.Builder(system.level(0), system.prediction());
        for (int row = 1; row <= 2 * step - 1; row++) {
            rows.row(system.level(row), row - 1).state(row - 1, 1);
        }
        rows.row(system.level(2 * step), 2 * step - 2);
        correction.vectors().add(rows, StepRows.of(system, grid, new Heun()), step, vector, 1);
        return Sum.ofRow(rows.build(), 2 * step);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPSILON", "SAMPLE"})
    void stepIsASumOfTheResidueAndItsChange(Prediction prediction) {
        for (int steps : STEPS) {
            TimeGrid grid = grid(steps);
            TriangularSystem system = new Heun().system(grid, prediction);
            for (int i = 0; i < steps - 1; i++) {
                double sigma = grid.level(i).sigma();
                double next = grid.level(i + 1).sigma();
                double h = next - sigma;
                Sum lemma = new Sum(system).state(2 * i, 1 + h / sigma).denoised(2 * i, -h / sigma)
                        .denoised(2 * i, h / (2 * next)).denoised(2 * i + 1, -h / (2 * next));
                String what = "step " + i + " of " + steps;
                Sum row = Sum.ofRow(system, 2 * i + 2).substitute(2 * i + 1);
                double tolerance = Tolerances.COEFFICIENT * Math.max(1, Math.abs(h / next));
                row.requireEqual(lemma.substitute(2 * i + 1), tolerance, what);
                Correction residues = Correction.by(CorrectionVectors.RESIDUES);
                Sum spanned = new Sum(system).state(2 * i, 1)
                        .plus(h / sigma, vector(system, grid, residues, i + 1, 0))
                        .plus(h / (2 * next), vector(system, grid, residues, i + 1, 1));
                row.requireEqual(spanned.substitute(2 * i + 1), tolerance, what + ", vectors");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPSILON", "SAMPLE", "VELOCITY"})
    void stepIsTheMeanSlopeTimesItsLength(Prediction prediction) {
        for (int steps : STEPS) {
            TimeGrid grid = grid(steps);
            TriangularSystem system = new Heun().system(grid, prediction);
            for (int i = 0; i < steps - 1; i++) {
                double h = grid.level(i + 1).sigma() - grid.level(i).sigma();
                Sum slope = vector(system, grid, Correction.by(CorrectionVectors.SLOPES), i + 1, 0);
                new Sum(system).state(2 * i, 1).plus(h, slope).requireEqual(Sum.ofRow(system, 2 * i + 2),
                        Tolerances.COEFFICIENT, "step " + i + " of " + steps);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CorrectionVectors.class)
    void lastStepIsEulersAndHasNoSlopeOfItsOwn(CorrectionVectors vectors) {
        TimeGrid grid = grid(5);
        StepRows rows = StepRows.of(new Heun().system(grid, Prediction.EPSILON), grid, new Heun());
        boolean ofStages = vectors == CorrectionVectors.SLOPES || vectors == CorrectionVectors.RESIDUES;
        boolean none = ofStages || vectors == CorrectionVectors.NOISE;
        assertEquals(none, new CorrectedTable(rows, Correction.by(vectors)).count(5) == 0);
        assertEquals(-1, rows.stage(5));
    }
}
