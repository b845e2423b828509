package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * The linear multistep method on the probability flow, k-diffusion's and diffusers' LMSDiscreteScheduler: Adams and
 * Bashforth's method for steps of any length. In {@code y = x / alpha} over {@code r = sigma / alpha}, where eps is the
 * slope, the polynomial through the last eps is integrated exactly:
 *
 * <pre>y' = y + sum_k eps_k (integral of L_k(r) dr from r to r')</pre>
 *
 * <p>One evaluation a step. The first steps look back as far as there are rows. Of rows at equal or close levels one alone
 * is looked at, and none with alpha = 0. Unlike {@link Ipndm} it looks back in a step to sigma = 0, too.
 *
 * @param order how many eps are interpolated, 1 (DDIM) to 4, the usual choice; lower where the grid has fewer steps
 */
public record Lms(int order) implements Solver {
    private static final int MOST_ORDER = 4;

    /** Checks the order. */
    public Lms {
        MultistepOrder.require(order, MOST_ORDER);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            int[] known = MultistepOrder.latest(grid, i - 1, order, to, NoiseLevel::ratio);
            rows.row(to, i - 1).x0(i - 1, to.alpha());
            if (known.length == 1) {
                rows.epsilon(i - 1, to.sigma());
                continue;
            }
            // With the length of the step for unit, and its start for zero.
            double step = to.ratio() - from.ratio();
            double[] nodes = new double[known.length];
            for (int k = 0; k < nodes.length; k++) {
                nodes[k] = (grid.level(known[k]).ratio() - from.ratio()) / step;
            }
            rows.epsilon(i - 1, to.alpha() * from.ratio());
            for (int k = 0; k < nodes.length; k++) {
                rows.epsilon(known[k], to.alpha() * step * integral(Lagrange.polynomial(k, nodes)));
            }
        }
        return rows.build();
    }

    /** From 0 to 1. */
    private static double integral(double[] polynomial) {
        double sum = 0;
        for (int n = 0; n < polynomial.length; n++) {
            sum += polynomial[n] / (n + 1);
        }
        return sum;
    }
}
