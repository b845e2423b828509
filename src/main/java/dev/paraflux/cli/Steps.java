package dev.paraflux.cli;

import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;

/**
 * What leads from noise to sample.
 *
 * @param grid   the levels
 * @param solver of the steps between them
 */
record Steps(TimeGrid grid, Solver solver) {
    /**
     * The fine steps that coefficients were fitted to. On another grid, which only force brings about, there are as
     * many to a step.
     *
     * @throws IllegalArgumentException if their solver has no name
     */
    Steps fine(IiaCoefficients coefficients) {
        IiaCoefficients.Calibration calibration = coefficients.calibration();
        TimeGrid fine = coefficients.isFor(grid)
                ? new TimeGrid(calibration.fineLevels(), grid.path())
                : grid.refined(Math.max(1, (calibration.fineLevels().size() - 1) / grid.steps()));
        if (calibration.fineSolver().equals(solver.toString())) {
            return new Steps(fine, solver);
        }
        SolverName name = SolverName.of(calibration.fineSolver()).orElseThrow(() -> new IllegalArgumentException(
                "the fine steps are those of solver " + calibration.fineSolver() + ", which has no name here, legal: "
                        + SolverName.names()));
        return new Steps(fine, name.solver());
    }
}
