package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * DPM-Solver++(2M) (arXiv 2211.01095, algorithm 2): looks back on the x0 predicted two rows up, so that its rows have
 * terms of several rows. The first step and the last are of first order.
 */
public record DpmSolver2M() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel to = grid.level(i);
            double step = logRatio(to) - logRatio(grid.level(i - 1));
            double factor = to.alpha() * (1 - Math.exp(-step));
            rows.row(to, i - 1).state(i - 1, to.sigma() / grid.level(i - 1).sigma());
            if (i == 1 || i == grid.steps()) {
                rows.x0(i - 1, factor);
            } else {
                double ratio = (logRatio(grid.level(i - 1)) - logRatio(grid.level(i - 2))) / step;
                rows.x0(i - 1, factor * (1 + 1 / (2 * ratio))).x0(i - 2, -factor / (2 * ratio));
            }
        }
        return rows.build();
    }

    private static double logRatio(NoiseLevel level) {
        return Math.log(level.alpha() / level.sigma());
    }
}
