package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * SDE-DPM-Solver++(2M) as the pipelines of CogVideoX take it (diffusers' CogVideoXDPMScheduler): of full order in all steps
 * but the first one, and the last one where that goes beyond training step 0. Otherwise as {@link SdeDpmSolverPlusPlus}.
 */
public record CogVideoXDpm() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        double stride = grid.level(0).time() - grid.end(1).time();
        boolean beyond = grid.level(grid.steps() - 1).time() < stride;
        return new DpmMultistep(DpmAlgorithm.SDE_DPM_SOLVER_PLUS_PLUS, 2, DpmSlope.MIDPOINT, false, beyond)
                .system(grid, prediction);
    }
}
