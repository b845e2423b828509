package dev.paraflux.iia;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.Objects;

/** A solver with corrected steps: equation (5) with factors that are known. */
record CorrectedSolver(Solver base, IiaCoefficients coefficients, boolean forced) implements Solver {
    CorrectedSolver {
        Objects.requireNonNull(base, "base");
    }

    @Override
    public int leastSteps() {
        return base.leastSteps();
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        Mismatch.requireSteps(coefficients.steps().size(), grid.steps());
        if (!forced) {
            Mismatch.requirePrediction(coefficients.problem().prediction(), prediction);
            for (int i = 0; i <= grid.steps(); i++) {
                Mismatch.requireLevel(i, coefficients.problem().levels().get(i), grid.level(i));
            }
        }
        TriangularSystem system = base.checkedSystem(grid, prediction);
        StepRows plain = StepRows.of(system, grid, base);
        if (!forced) {
            Mismatch.requireSolver(coefficients.problem(), base, SolverTable.of(system));
        }
        CorrectedTable table = new CorrectedTable(plain, coefficients.correction());
        double[][] factors = coefficients.factors();
        for (int step = 1; step <= grid.steps(); step++) {
            if (factors[step - 1].length > 0) {
                Mismatch.requireVectors(step, factors[step - 1].length, table.count(step), base);
            }
        }
        return table.corrected(factors);
    }

    @Override
    public String toString() {
        return base + " corrected by " + coefficients.correction();
    }
}
