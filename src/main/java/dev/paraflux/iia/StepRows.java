package dev.paraflux.iia;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * Which rows of a solver's table its steps end in. Between them lie stages and predictors.
 *
 * @param system the table
 * @param rows   of step i, 1 to N, the row at the grid's level i; row 0 for i = 0
 */
record StepRows(TriangularSystem system, int[] rows) {

    /**
     * The line of parents of the last row.
     *
     * @throws IllegalArgumentException if these rows are not at the grid's levels, or the system takes noise
     */
    static StepRows of(TriangularSystem system, TimeGrid grid, Solver solver) {
        requireSolver(system.noiseRows() == 0, solver, "one that takes no noise, for its steps to be corrected");
        int[] rows = new int[grid.steps() + 1];
        int row = system.rows();
        for (int i = grid.steps(); i >= 0; i--) {
            if (i < grid.steps()) {
                row = system.parent(row);
            }
            rows[i] = row;
            requireSolver(system.level(row).sameAs(grid.level(i)) && (i == 0 || row > 0), solver,
                    "one with a row at each level of the grid that the next step starts from, and level " + i
                            + " has none");
        }
        requireSolver(row == 0, solver, "one that takes one row a step from the row before");
        return new StepRows(system, rows);
    }

    private static void requireSolver(boolean legal, Solver solver, String range) {
        Require.that(legal, "solver", SolverDescription.of(solver), range);
    }

    /** N. */
    int steps() {
        return rows.length - 1;
    }

    /** The row that step i, 0 to N, ends in. */
    int row(int step) {
        return rows[step];
    }

    /** The latest rows before the end of a step that the model is evaluated at, latest first; fewer if there are. */
    int[] evaluatedBefore(int step, int most) {
        int[] found = new int[most];
        int count = 0;
        for (int row = rows[step] - 1; row >= 0 && count < most; row--) {
            if (system.evaluated(row)) {
                found[count++] = row;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The row of a step's stage, that of a solver of two stages; -1 if the step has none, or more. */
    int stage(int step) {
        // Where a step begins at a corrector, which is not evaluated, its slope would be an evaluation more.
        boolean one = rows[step] == rows[step - 1] + 2 && system.evaluated(rows[step] - 1)
                && system.evaluated(rows[step - 1]);
        return one ? rows[step] - 1 : -1;
    }
}
