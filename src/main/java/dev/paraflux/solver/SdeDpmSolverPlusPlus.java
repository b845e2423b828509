package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * SDE-DPM-Solver++(2M) (Lu et al., arXiv 2211.01095): 2M on the diffusion SDE. Every step takes fresh noise, drawn before;
 * a step into sigma = 0 takes none. To use where a stochastic sampler is wanted in few steps. These are the rows of
 * {@link DpmMultistep} with its usual settings.
 */
public record SdeDpmSolverPlusPlus() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new DpmMultistep(DpmAlgorithm.SDE_DPM_SOLVER_PLUS_PLUS, 2).system(grid, prediction);
    }
}
