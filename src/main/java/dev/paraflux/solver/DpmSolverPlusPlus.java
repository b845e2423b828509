package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Multistep DPM-Solver++ (Lu et al., arXiv 2211.01095, section 4): the integral of the predicted x0 over a step h in
 * lambda, with the slopes that the rows before tell. Order 1 is DDIM; order 2 is 2M (algorithm 2), the usual choice;
 * order 3 is 3M, in the form of diffusers' DPMSolverMultistepScheduler. One evaluation a step, whatever the order.
 *
 * <p>The error of 3M falls with the square of the number of steps, as that of 2M does; it is a few times smaller. As in
 * diffusers the first step is of order 1, and D2 has half the weight of the second derivative in the integral.
 *
 * <p>The first step is of order 1, the second of order 2 at most. A last step into sigma = 0 is of order 1. With fewer
 * than 15 steps the last one is of order 1 and the one before it of order 2 at most, whatever the last sigma
 * (diffusers' lower_order_final). Of rows at equal or close levels one alone is looked at, and none with alpha = 0.
 *
 * @param order 1 to 3; lower where the grid has fewer steps
 */
public record DpmSolverPlusPlus(int order) implements Solver {
    public DpmSolverPlusPlus {
        MultistepOrder.require(order, 3);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            double h = DpmSteps.h(grid, i);
            double phi1 = -level.alpha() * Math.expm1(-h);
            rows.row(level, i - 1).state(i - 1, level.sigma() / grid.level(i - 1).sigma()).x0(i - 1, phi1);
            int[] known = DpmSteps.rows(grid, i, order);
            if (known.length == 2) {
                addSlope(rows, known[0], known[1], phi1 / 2 * h / between(grid, known[1], known[0]));
            } else if (known.length == 3) {
                addSlopes(rows, grid, i, known);
            }
        }
        return rows.build();
    }

    /** phi2 D1 + phi3 D2, where D1 = D10 + r0 (D10 - D11) / (r0 + r1) and D2 = (D10 - D11) / (r0 + r1). */
    private static void addSlopes(TriangularSystem.Builder rows, TimeGrid grid, int i, int[] known) {
        double h = DpmSteps.h(grid, i);
        double r0 = between(grid, known[1], known[0]) / h;
        double r1 = between(grid, known[2], known[1]) / h;
        double phi3 = grid.level(i).alpha() * DpmSteps.phi3(h);
        double phi2 = h * (grid.level(i).alpha() / 2 - phi3);
        double bend = (phi2 * r0 + phi3) / (r0 + r1);
        addSlope(rows, known[0], known[1], (phi2 + bend) / r0);
        addSlope(rows, known[1], known[2], -bend / r1);
    }

    private static double between(TimeGrid grid, int earlier, int later) {
        return DpmSteps.h(grid.level(earlier), grid.level(later));
    }

    /** Adds so much of the difference between the x0 predicted at a row and at an earlier one. */
    private static void addSlope(TriangularSystem.Builder rows, int row, int earlier, double factor) {
        rows.x0(row, factor).x0(earlier, -factor);
    }
}
