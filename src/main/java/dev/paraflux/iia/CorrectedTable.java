package dev.paraflux.iia;

import dev.paraflux.solver.TriangularSystem;
import dev.paraflux.solver.TriangularSystem.Builder;
import java.util.function.IntUnaryOperator;

/** Writes corrected steps, and what fitting one takes, as rows of a triangular system: equation (5). */
final class CorrectedTable {
    private final StepRows plain;
    private final Correction correction;

    CorrectedTable(StepRows plain, Correction correction) {
        this.plain = plain;
        this.correction = correction;
    }

    /** How many vectors correct a step, 1 to N; 0 if it is left as it is. */
    int count(int step) {
        return correction.vectors().count(plain, step, correction.history());
    }

    /** The solver's table with corrected steps; of step i, 1 to N, the factors are {@code factors[i - 1]}, or none. */
    TriangularSystem corrected(double[][] factors) {
        var rows = new Builder(plain.system().level(0), plain.system().prediction());
        addCorrected(rows, factors, plain.steps());
        return rows.build();
    }

    private void addCorrected(Builder rows, double[][] factors, int steps) {
        TriangularSystem system = plain.system();
        for (int step = 1; step <= steps; step++) {
            for (int row = plain.row(step - 1) + 1; row <= plain.row(step); row++) {
                rows.row(system.level(row), system.parent(row)).rightSide(system, row, IntUnaryOperator.identity());
            }
            for (int c = 0; c < factors[step - 1].length; c++) {
                correction.vectors().add(rows, plain, step, c, factors[step - 1][c]);
            }
        }
    }

    /**
     * What fitting a step takes, as one system: the solver's rows up to the step, the earlier steps corrected and this
     * one, Phi, not; then the fine steps from the step's start, the last of them being Psi ({@link #psi}); then the
     * vectors, and Psi - Phi, for the normal equations.
     *
     * @param factors of the steps before; none of this one
     * @param fine    the fine steps across this one
     */
    TriangularSystem calibration(int step, double[][] factors, TriangularSystem fine) {
        TriangularSystem system = plain.system();
        var rows = new Builder(system.level(0), system.prediction());
        addCorrected(rows, factors, step);
        int phi = plain.row(step);
        int from = plain.row(step - 1);
        IntUnaryOperator place = row -> row == 0 ? from : phi + row;
        for (int row = 1; row <= fine.rows(); row++) {
            rows.row(fine.level(row), place.applyAsInt(fine.parent(row))).rightSide(fine, row, place);
        }
        for (int c = 0; c < count(step); c++) {
            rows.row(system.level(phi), from);
            correction.vectors().add(rows, plain, step, c, 1);
        }
        int psi = psi(step, fine);
        return rows.row(system.level(phi), psi).state(psi, 1).state(phi, -1).build();
    }

    /** The row of Psi in the system of a calibration. */
    int psi(int step, TriangularSystem fine) {
        return plain.row(step) + fine.rows();
    }
}
