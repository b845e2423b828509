package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Improved PNDM (Zhang and Chen, arXiv 2204.13902, appendix, after Liu et al., arXiv 2202.09778, equations 9 and 12):
 * DDIM's step,
 * with Adams and Bashforth's mean of the last eps for eps. One evaluation a step.
 *
 * <p>The first steps look back as far as there are rows; the very first is DDIM's. A step to sigma = 0 is DDIM's too,
 * and so is one from alpha = 0. Of rows at equal or close levels one alone is looked at, and none with alpha = 0.
 * The weights hold for steps of equal length in r = sigma / alpha; on others the solver is of second order.
 *
 * @param order how many eps are combined, 1 (DDIM) to 4; lower where the grid has fewer steps
 */
public record Ipndm(int order) implements Solver {
    static final double[][] ADAMS_BASHFORTH = {{1}, {3 / 2.0, -1 / 2.0}, {23 / 12.0, -16 / 12.0, 5 / 12.0},
            {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0}};

    /** Checks the order. */
    public Ipndm {
        MultistepOrder.require(order, ADAMS_BASHFORTH.length);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel to = grid.level(i);
            int[] known = MultistepOrder.latest(grid, i - 1, to.sigma() == 0 ? 1 : order, to, NoiseLevel::ratio);
            double[] weights = ADAMS_BASHFORTH[known.length - 1];
            rows.row(to, i - 1).x0(i - 1, to.alpha()).epsilon(i - 1, to.sigma());
            if (weights.length > 1) {
                // The mean goes where DDIM has eps, over r' - r: what it differs by from the newest eps is added.
                double step = to.sigma() - to.alpha() * grid.level(i - 1).ratio();
                rows.epsilon(i - 1, step * (weights[0] - 1));
                for (int k = 1; k < weights.length; k++) {
                    rows.epsilon(known[k], step * weights[k]);
                }
            }
        }
        return rows.build();
    }
}
