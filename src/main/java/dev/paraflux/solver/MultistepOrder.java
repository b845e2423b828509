package dev.paraflux.solver;

import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/** How many rows a multistep solver looks back on. */
final class MultistepOrder {
    private MultistepOrder() {}

    /** Refuses an order that the solver does not have. */
    static void require(int order, int most) {
        if (order < 1 || order > most) {
            throw new IllegalArgumentException("order " + order + ": must be 1 to " + most);
        }
    }

    /** Refuses an order that no step of the grid could have. */
    static void requireSteps(int order, TimeGrid grid) {
        if (order > grid.steps()) {
            throw new IllegalArgumentException(
                    "order " + order + " with " + grid.steps() + " steps: must be 1 to " + grid.steps());
        }
    }

    /**
     * The rows of a grid to interpolate between, newest first. Rows whose lambda is that of the row after them are passed
     * over: they say nothing new, and Lagrange's polynomials would divide by 0.
     *
     * @param newest the row that the step begins at
     * @param count  how many at most; there are fewer where the grid begins
     * @throws IllegalArgumentException if alpha is 0 in one of several rows
     */
    static int[] latest(TimeGrid grid, int newest, int count) {
        int[] rows = new int[count];
        rows[0] = newest;
        int found = 1;
        for (int row = newest - 1; row >= 0 && found < count; row--) {
            if (lambda(grid, row) < lambda(grid, rows[found - 1])) {
                rows[found++] = row;
            }
        }
        return Arrays.copyOf(rows, found);
    }

    private static double lambda(TimeGrid grid, int row) {
        return Coordinates.lambda(grid.level(row), row);
    }
}
