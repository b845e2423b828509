package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Objects;

/**
 * The singlestep solvers of the DPM-Solver family, as diffusers' DPMSolverSinglestepScheduler lays them over a grid: a step
 * of order 2 or 3 spans as many steps of the grid, whose levels between are its stages. One evaluation a step of the grid.
 * {@link DpmSolverPlusPlus2S} and {@link DpmSolver2} put their stages in the middle instead, at two evaluations a step.
 *
 * <p>Every row is sampled by order 1, 2, 1, 2, ... or 1, 2, 3, 1, 2, 3, ...: order k starts from k rows before. The last
 * step is of order 1 where it ends in sigma = 0. Where the stages are at equal or close levels, or lambda is infinite, a
 * row is of order 1 from the row before.
 *
 * @param algorithm       what is integrated ({@code algorithm_type}); SDE_DPM_SOLVER is not among them
 * @param order           1 to 3 ({@code solver_order}), lower where the grid has fewer steps
 * @param slope           the form of orders 2 and 3 ({@code solver_type})
 * @param lowerOrderFinal whether the last steps are of lower order; they are in any case where the steps do not divide by
 *                        the order, and where sigma ends in 0
 */
public record DpmSinglestep(DpmAlgorithm algorithm, int order, DpmSlope slope, boolean lowerOrderFinal)
        implements
            Solver {
    /** Stages closer than this share of the step are passed over, as in {@link MultistepOrder}. */
    private static final double NEAR = 0.02;

    /** Checks the order. */
    public DpmSinglestep {
        Objects.requireNonNull(slope, "slope");
        if (Objects.requireNonNull(algorithm, "algorithm") == DpmAlgorithm.SDE_DPM_SOLVER) {
            throw new IllegalValueException("algorithm", algorithm,
                    "DPM_SOLVER_PLUS_PLUS, DPM_SOLVER or SDE_DPM_SOLVER_PLUS_PLUS for a singlestep solver");
        }
        MultistepOrder.require(order, 3);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            int span = span(grid, i);
            NoiseLevel from = grid.level(i - span);
            NoiseLevel to = grid.level(i);
            rows.row(to, i - span);
            DpmWeights weights = algorithm.first(rows, i - span, from, to);
            if (span == 2) {
                addSlope(rows, i - 1, i - 2, weights.slope(slope) / share(grid, i, span, 1));
            } else if (span == 3) {
                addThird(rows, grid, i, weights);
            }
        }
        return rows.build();
    }

    private void addThird(TriangularSystem.Builder rows, TimeGrid grid, int i, DpmWeights weights) {
        double first = share(grid, i, 3, 1);
        double second = share(grid, i, 3, 2);
        if (slope == DpmSlope.MIDPOINT) {
            addSlope(rows, i - 1, i - 3, weights.slope() / second);
            return;
        }
        // The parabola through the start and both stages.
        double apart = second - first;
        addSlope(rows, i - 2, i - 3, (weights.slope() * second - 2 * weights.bend()) / apart / first);
        addSlope(rows, i - 1, i - 3, (2 * weights.bend() - weights.slope() * first) / apart / second);
    }

    /** How much of the way to row i the stage lies that is so many rows after the start. */
    private static double share(TimeGrid grid, int i, int span, int stage) {
        NoiseLevel from = grid.level(i - span);
        return DpmSteps.h(from, grid.level(i - span + stage)) / DpmSteps.h(from, grid.level(i));
    }

    private void addSlope(TriangularSystem.Builder rows, int stage, int start, double factor) {
        algorithm.add(rows, stage, factor);
        algorithm.add(rows, start, -factor);
    }

    /** How many rows before row i its step starts: its order, where that can be. */
    private int span(TimeGrid grid, int i) {
        // Orders are those of the whole grid; where its first steps are left out there are no stages to begin with.
        int span = Math.min(i, orderAt(i + grid.skipped(), grid.wholeSteps(), grid.level(grid.steps()).sigma() == 0));
        for (int stage = 1; stage < span; stage++) {
            double apart = share(grid, i, span, stage) - (stage == 1 ? 0 : share(grid, i, span, stage - 1));
            // Not a number where lambda is infinite.
            if (!(apart >= NEAR)) {
                return 1;
            }
        }
        return span;
    }

    private int orderAt(int i, int steps, boolean toZero) {
        if (toZero && i == steps) {
            return 1;
        }
        boolean lower = lowerOrderFinal || toZero || steps % order != 0;
        int place = (i - 1) % order + 1;
        if (!lower || order == 1 || steps % order != 0) {
            // A last group that is not whole is of orders 1 and 2 anyway.
            return place;
        }
        // The last group ends with order 1 instead of the highest.
        return i == steps ? 1 : place;
    }
}
