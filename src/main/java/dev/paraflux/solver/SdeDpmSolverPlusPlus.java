package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * SDE-DPM-Solver++(2M) (Lu et al., arXiv 2211.01095; diffusers' algorithm_type "sde-dpmsolver++", midpoint): 2M
 * on the diffusion SDE. Every step takes fresh noise, drawn before; a step into sigma = 0 takes none. To use where a
 * stochastic sampler is wanted in few steps.
 *
 * <p>The first step is of order 1, and so is a last step into sigma = 0 and a last step of fewer than 15, as in
 * {@link DpmSolverPlusPlus} of order 2.
 */
public record SdeDpmSolverPlusPlus() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            double h = DpmSteps.h(grid, i);
            double fresh = Math.max(0, -Math.expm1(-2 * h));
            rows.row(level, i - 1)
                    .state(i - 1, level.sigma() / grid.level(i - 1).sigma() * Math.exp(-h))
                    .x0(i - 1, level.alpha() * fresh)
                    .noise(level.sigma() * Math.sqrt(fresh));
            int[] known = DpmSteps.rows(grid, i, 2);
            if (known.length == 2) {
                double slope = level.alpha() * fresh / 2 * h
                        / DpmSteps.h(grid.level(known[1]), grid.level(known[0]));
                rows.x0(known[0], slope).x0(known[1], -slope);
            }
        }
        return rows.build();
    }
}
