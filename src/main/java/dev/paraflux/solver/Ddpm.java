package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Ancestral sampling with the posterior variance (Ho, Jain, Abbeel, arXiv 2006.11239, equations 6 and 7), on any grid:
 * the same rows as {@link Ddim} with eta 1.
 */
public record Ddpm() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new Ddim(1).system(grid, prediction);
    }
}
