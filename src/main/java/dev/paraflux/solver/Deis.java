package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/**
 * tAB-DEIS (Zhang and Chen, arXiv 2204.13902, equations 14 and 15): eps is extrapolated by the polynomial through its last
 * values and integrated exactly over the step, here as a polynomial in log r with r = sigma / alpha ({@code log-rho}), in
 * closed form:
 *
 * <pre>y' = y + sum_k eps_k (integral of L_k(log r) dr from r to r'),      y = x / alpha</pre>
 *
 * <p>One evaluation a step. The first steps look back as far as there are rows; a step to sigma = 0 is DDIM's, and so is one
 * from alpha = 0. Of rows at equal or close levels one alone is looked at, and none with alpha = 0.
 *
 * @param order           how many eps are interpolated, 1 (DDIM) to 3; lower where the grid has fewer steps
 * @param lowerOrderFinal whether with fewer than 15 steps the last one is of order 1 and the one before it of order 2 at
 *                        most, as in diffusers' DEISMultistepScheduler
 * @param inFloats        whether the weights of order 3 have that scheduler's roundings, which can be seen in a sample
 */
public record Deis(int order, boolean lowerOrderFinal, boolean inFloats) implements Solver {
    private static final int MOST_ORDER = 3;

    /** Checks the order. */
    public Deis {
        MultistepOrder.require(order, MOST_ORDER);
    }

    /** With weights in double. */
    public Deis(int order, boolean lowerOrderFinal) {
        this(order, lowerOrderFinal, false);
    }

    /** Of full order to the end. */
    public Deis(int order) {
        this(order, false);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel to = grid.level(i);
            int most = DpmSteps.order(grid, i, order, lowerOrderFinal, false);
            int[] nodes = MultistepOrder.latest(grid, i - 1, most, to, NoiseLevel::lambda);
            rows.row(to, i - 1).x0(i - 1, to.alpha());
            if (nodes.length == 1) {
                rows.epsilon(i - 1, to.sigma());
                continue;
            }
            // With u = log(r / r of the step's start), dr = r exp(u) du.
            NoiseLevel from = grid.level(i - 1);
            double[] u = Arrays.stream(nodes).mapToDouble(row -> logRatio(grid.level(row), from)).toArray();
            double[] weights = inFloats && nodes.length == MOST_ORDER
                    ? DeisFloats.weights(to, from, grid.level(nodes[1]), grid.level(nodes[2]))
                    : ExponentialWeights.of(logRatio(to, from), u);
            double ratio = to.alpha() * from.ratio();
            rows.epsilon(i - 1, ratio);
            for (int k = 0; k < nodes.length; k++) {
                rows.epsilon(nodes[k], ratio * weights[k]);
            }
        }
        return rows.build();
    }

    private static double logRatio(NoiseLevel level, NoiseLevel from) {
        return from.lambda() - level.lambda();
    }
}
