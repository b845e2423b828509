package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Singlestep DPM-Solver-2 (Lu et al., arXiv 2206.00927, algorithm 1): the integral of the predicted eps over a step,
 * which is taken from a stage in its middle, in lambda. Second order; two rows and two evaluations a step. In terms of
 * eps, and so not for strong guidance: there {@link DpmSolverPlusPlus2S} is steadier.
 *
 * <p>A step that has no middle is one row of first order, as in {@link Ddim}: from alpha = 0, into sigma = 0, and
 * between equal levels.
 */
public record DpmSolver2() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        int from = 0;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            if (!DpmSteps.hasMiddle(grid, i)) {
                rows.row(level, from).x0(from, level.alpha()).epsilon(from, level.sigma());
                from++;
                continue;
            }
            double h = DpmSteps.h(grid, i);
            double alpha = grid.level(i - 1).alpha();
            NoiseLevel middle = DpmSteps.middle(grid, i);
            rows.row(middle, from)
                    .state(from, middle.alpha() / alpha)
                    .epsilon(from, -middle.sigma() * Math.expm1(h / 2));
            rows.row(level, from)
                    .state(from, level.alpha() / alpha)
                    .epsilon(from + 1, -level.sigma() * Math.expm1(h));
            from += 2;
        }
        return rows.build();
    }
}
