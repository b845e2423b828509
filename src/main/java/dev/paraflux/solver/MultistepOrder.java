package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** How many rows a multistep solver looks back on, and on which. */
final class MultistepOrder {
    /**
     * Rows nearer than this share of the step say nothing that roundings do not drown: a slope over them has a factor
     * of one over the share. On the grids of every schedule of diffusers a step is at least a fifth of the next one.
     */
    private static final double NEAR = 0.02;

    private MultistepOrder() {}

    /** Refuses an order that the solver does not have. */
    static void require(int order, int most) {
        Require.between(1, most, "order", order);
    }

    /**
     * The rows of a grid to interpolate between, newest first. Rows that are equal or close to the one taken before them
     * are passed over, and so are rows where the coordinate is infinite: what they would tell tends to nothing.
     *
     * @param newest     the row that the step begins at
     * @param most       how many at most; there are fewer where the grid begins
     * @param end        the level that the step ends at
     * @param coordinate what the interpolation runs in, monotonic
     */
    static int[] latest(TimeGrid grid, int newest, int most, NoiseLevel end, ToDoubleFunction<NoiseLevel> coordinate) {
        int[] rows = new int[most];
        rows[0] = newest;
        int found = 1;
        double last = coordinate.applyAsDouble(grid.level(newest));
        double near = NEAR * Math.abs(coordinate.applyAsDouble(end) - last);
        if (!(near < Double.POSITIVE_INFINITY) || grid.level(newest).sameAs(end)) {
            return new int[] {newest};
        }
        for (int row = newest - 1; row >= 0 && found < most; row--) {
            double at = coordinate.applyAsDouble(grid.level(row));
            if (Double.isFinite(at) && Math.abs(at - last) >= near) {
                rows[found++] = row;
                last = at;
            }
        }
        return Arrays.copyOf(rows, found);
    }
}
