package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Singlestep DPM-Solver++(2S) (Lu et al., arXiv 2211.01095, algorithm 1, with r = 1/2): the integral of the predicted
 * x0 over a step, which is taken from a stage in its middle, in lambda. Second order; two rows and two evaluations a
 * step.
 *
 * <p>A step that has no middle is one row of first order, as in {@link Ddim}: from alpha = 0, into sigma = 0, and
 * between equal levels.
 */
public record DpmSolverPlusPlus2S() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        int from = 0;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            double h = DpmSteps.h(grid, i);
            double sigma = grid.level(i - 1).sigma();
            int predicted = from;
            if (DpmSteps.hasMiddle(grid, i)) {
                NoiseLevel middle = DpmSteps.middle(grid, i);
                predicted = from + 1;
                rows.row(middle, from)
                        .state(from, middle.sigma() / sigma)
                        .x0(from, -middle.alpha() * Math.expm1(-h / 2));
            }
            rows.row(level, from)
                    .state(from, level.sigma() / sigma)
                    .x0(predicted, -level.alpha() * Math.expm1(-h));
            from = predicted + 1;
        }
        return rows.build();
    }
}
