package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;

/**
 * The steps of the DPM-Solver family, in lambda = log(alpha / sigma): how long they are, where their middle is, and
 * which of them a multistep solver takes at a lower order.
 */
final class DpmSteps {
    /** With fewer steps than these the last ones are of lower order: diffusers' lower_order_final. */
    private static final int FEW = 15;
    private DpmSteps() {}

    /** h_i, from row i - 1 to row i of the grid: 0 between equal levels, infinite from alpha = 0 and into sigma = 0. */
    static double h(TimeGrid grid, int i) {
        return h(grid.level(i - 1), grid.level(i));
    }

    /** From one level to another. */
    static double h(NoiseLevel from, NoiseLevel to) {
        // Between two levels without signal the difference is not a number.
        return from.sameAs(to) ? 0 : to.lambda() - from.lambda();
    }

    /** Whether the step to row i has a middle in lambda that is another level than its ends. */
    static boolean hasMiddle(TimeGrid grid, int i) {
        return h(grid, i) > 0 && h(grid, i) < Double.POSITIVE_INFINITY;
    }

    /** The level in the middle of lambda between rows i - 1 and i. */
    static NoiseLevel middle(TimeGrid grid, int i) {
        return grid.path().at(Math.exp(-0.5 * (grid.level(i - 1).lambda() + grid.level(i).lambda())));
    }

    /** The highest order of the step to row i of a multistep solver: lower at both ends, as in diffusers. */
    static int order(TimeGrid grid, int i, int highest, boolean lowerOrderFinal, boolean eulerAtFinal) {
        int order = Math.min(highest, i);
        boolean lower = lowerOrderFinal && grid.wholeSteps() < FEW;
        if (i == grid.steps() && (lower || eulerAtFinal)) {
            return 1;
        }
        return i == grid.steps() - 1 && lower ? Math.min(order, 2) : order;
    }

    /** 1/2 - (e^-h - 1 + h) / h^2, without the digits that the differences lose where h is small. */
    static double phi3(double h) {
        if (h == Double.POSITIVE_INFINITY) {
            return 0.5;
        }
        if (Math.abs(h) > 1) {
            return 0.5 - (Math.expm1(-h) + h) / (h * h);
        }
        double sum = 0;
        double term = h / 6;
        for (int n = 4; n < 24; n++) {
            sum += term;
            term *= -h / n;
        }
        return sum;
    }
}
