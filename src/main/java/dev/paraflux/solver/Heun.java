package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Heun's method on the probability flow, EDM's deterministic sampler (Karras et al., arXiv 2206.00364, algorithm 1), for
 * any scaling of the levels. Second order, two evaluations a step; for few steps of large change.
 *
 * <p>In {@code y = x / alpha} over {@code r = sigma / alpha}, where eps is the slope: a stage by Euler's method at the next
 * level, then {@code y' = y + (r' - r) (eps + eps of the stage) / 2}. A step to sigma = 0 is Euler's, as in the paper:
 * there is no slope there. Levels with alpha = 0 are refused unless their step is Euler's.
 */
public record Heun() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        // Algorithm 1 is algorithm 2 without churn.
        return new StochasticHeun(0, 0, 0, 1).system(grid, prediction);
    }
}
