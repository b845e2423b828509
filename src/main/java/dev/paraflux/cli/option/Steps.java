package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;

/**
 * What leads from noise to sample.
 *
 * @param grid   the levels
 * @param solver of the steps between them
 */
public record Steps(TimeGrid grid, Solver solver) {
    /**
     * The fine steps that coefficients were fitted to. On another grid, which is possible by force alone, there are as
     * many to a step.
     *
     * @throws IllegalValueException if their solver is not one of the library's
     */
    public Steps fine(IiaCoefficients coefficients) {
        IiaCoefficients.Calibration calibration = coefficients.calibration();
        TimeGrid fine = coefficients.isFor(grid)
                ? new TimeGrid(calibration.fineLevels(), grid.path())
                : grid.refined(Math.max(1, (calibration.fineLevels().size() - 1) / grid.steps()));
        if (calibration.fineSolver().equals(SolverDescription.of(solver))) {
            return new Steps(fine, solver);
        }
        return new Steps(fine, SolverDescription.solver(calibration.fineSolver())
                .orElseThrow(() -> new IllegalValueException("solver of the fine steps", calibration.fineSolver(),
                        "one of the library's, for the command to draw them")));
    }
}
