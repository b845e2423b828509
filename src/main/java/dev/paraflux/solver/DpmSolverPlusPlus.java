package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Multistep DPM-Solver++ (Lu et al., arXiv 2211.01095, section 4): the integral of the predicted x0 over a step h in
 * lambda, with the slopes that the rows before tell. Order 1 is DDIM; order 2 is 2M (algorithm 2), the usual choice;
 * order 3 is 3M, in the form of diffusers' DPMSolverMultistepScheduler. One evaluation a step, whatever the order. These
 * are the rows of {@link DpmMultistep} with its usual settings.
 *
 * <p>The error of 3M falls with the square of the number of steps, as that of 2M does; it is a few times smaller. As in
 * diffusers the first step is of order 1, and D2 has half the weight of the second derivative in the integral.
 *
 * @param order 1 to 3; lower where the grid has fewer steps
 */
public record DpmSolverPlusPlus(int order) implements Solver {
    public DpmSolverPlusPlus {
        MultistepOrder.require(order, 3);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new DpmMultistep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, order).system(grid, prediction);
    }
}
