package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Objects;

/**
 * The multistep solvers of the DPM-Solver family (Lu et al., arXiv 2211.01095, section 4, and 2206.00927), in the form and
 * with the options of diffusers' DPMSolverMultistepScheduler and EDMDPMSolverMultistepScheduler: what is integrated is
 * extrapolated by the slopes that the rows before tell. One evaluation a step. {@link DpmSolverPlusPlus} and
 * {@link SdeDpmSolverPlusPlus} are its usual settings.
 *
 * <p>The first step is of order 1, the second of order 2 at most, and so are steps to sigma = 0 and from alpha = 0. Of rows
 * at equal or close levels one alone is looked at.
 *
 * @param algorithm       what is integrated ({@code algorithm_type})
 * @param order           1 to 3 ({@code solver_order}), lower where the grid has fewer steps; 1 or 2 for SDE_DPM_SOLVER
 * @param slope           the form of order 2 ({@code solver_type})
 * @param lowerOrderFinal whether with fewer than 15 steps the last one is of order 1 and the one before it of order 2 at
 *                        most
 * @param eulerAtFinal    whether the last step is of order 1, however many there are
 */
public record DpmMultistep(DpmAlgorithm algorithm, int order, DpmSlope slope, boolean lowerOrderFinal,
        boolean eulerAtFinal) implements Solver {
    /** Checks the order. */
    public DpmMultistep {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(slope, "slope");
        Require.between(1, algorithm == DpmAlgorithm.SDE_DPM_SOLVER ? 2 : 3, "order", order);
    }

    /** With the defaults of diffusers: the midpoint form, and lower orders at the end of few steps. */
    public DpmMultistep(DpmAlgorithm algorithm, int order) {
        this(algorithm, order, DpmSlope.MIDPOINT, true, false);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel to = grid.end(i);
            rows.row(grid.level(i), i - 1);
            DpmWeights weights = algorithm.first(rows, i - 1, grid.level(i - 1), to);
            int most = DpmSteps.order(grid, i, order, lowerOrderFinal, eulerAtFinal);
            int[] known = MultistepOrder.latest(grid, i - 1, most, to, NoiseLevel::lambda);
            double h = DpmSteps.h(grid.level(i - 1), to);
            if (known.length == 2) {
                addSlope(rows, known[0], known[1], weights.slope(slope) * h / between(grid, known[1], known[0]));
            } else if (known.length == 3) {
                // D1 = D10 + r0 (D10 - D11) / (r0 + r1) and D2 = (D10 - D11) / (r0 + r1).
                double r0 = between(grid, known[1], known[0]) / h;
                double r1 = between(grid, known[2], known[1]) / h;
                double difference = (weights.slope() * r0 + weights.bend()) / (r0 + r1);
                addSlope(rows, known[0], known[1], (weights.slope() + difference) / r0);
                addSlope(rows, known[1], known[2], -difference / r1);
            }
        }
        return rows.build();
    }

    private static double between(TimeGrid grid, int earlier, int later) {
        return DpmSteps.h(grid.level(earlier), grid.level(later));
    }

    /** Adds so much of the difference between what is predicted at a row and at an earlier one. */
    private void addSlope(TriangularSystem.Builder rows, int row, int earlier, double factor) {
        algorithm.add(rows, row, factor);
        algorithm.add(rows, earlier, -factor);
    }
}
