package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * EDM's stochastic sampler (Karras et al., arXiv 2206.00364, algorithm 2): before each step noise is added, up to the
 * level r (1 + gamma) with r = sigma / alpha and gamma = min(churn / N, sqrt(2) - 1), and {@link Heun}'s step starts from
 * there. Where r is outside the range nothing is added. To be tuned to a model: too much churn loses detail.
 *
 * <p>A step's full row takes the noise of the step after it as well and so lies at that one's noisier level: the model is
 * asked at every row but the last, and levels fall from full row to full row, as methods like it. Only the first noise has
 * a row of its own. The noise is drawn before the solve, as all noise is.
 *
 * @param churn      S_churn, 0 (deterministic) or more
 * @param churnFrom  S_tmin, the least r at which noise is added, 0 or more
 * @param churnTo    S_tmax, the greatest r at which noise is added, from churnFrom; infinite is legal
 * @param noiseScale S_noise, the standard deviation of the noise that is added, above 0; 1 in theory
 */
public record StochasticHeun(double churn, double churnFrom, double churnTo, double noiseScale) implements Solver {
    /** Checks the settings. */
    public StochasticHeun {
        Require.notNegative("churn", churn);
        Require.notNegative("churnFrom", churnFrom);
        Require.that(churnTo >= churnFrom, "churnTo", churnTo, "at least churnFrom " + churnFrom);
        Require.positive("noiseScale", noiseScale);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        NoiseLevel from = noisier(grid, 0);
        int row = 0;
        if (gamma(grid, 0) > 0) {
            rows.row(from, 0).state(0, from.alpha() / grid.level(0).alpha()).noise(fresh(grid, 0));
            row = 1;
        }
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel to = grid.level(i);
            rows.row(to, row).x0(row, to.alpha()).epsilon(row, to.sigma());
            if (to.sigma() > 0) {
                NoiseLevel next = noisier(grid, i);
                double ratio = Coordinates.ratio(from, i - 1);
                double half = 0.5 * next.alpha();
                rows.row(next, row)
                        .x0(row, next.alpha())
                        .epsilon(row, half * (Coordinates.ratio(to, i) + ratio))
                        .epsilon(row + 1, half * (Coordinates.ratio(to, i) - ratio))
                        .noise(fresh(grid, i));
                from = next;
                row += 2;
            }
        }
        return rows.build();
    }

    private double gamma(TimeGrid grid, int i) {
        double ratio = grid.level(i).ratio();
        return i < grid.steps() && churnFrom <= ratio && ratio <= churnTo
                ? Math.min(churn / grid.steps(), Math.sqrt(2) - 1) : 0;
    }

    /** The level that step i + 1 begins at, and the factor of the noise that leads there from level i. */
    private NoiseLevel noisier(TimeGrid grid, int i) {
        double gamma = gamma(grid, i);
        NoiseLevel level = grid.level(i);
        return gamma == 0 ? level : grid.path().at(Coordinates.ratio(level, i) * (1 + gamma));
    }

    private double fresh(TimeGrid grid, int i) {
        double root = Math.sqrt(gamma(grid, i) * (2 + gamma(grid, i)));
        return noiseScale * noisier(grid, i).alpha() * Coordinates.ratio(grid.level(i), i) * root;
    }
}
