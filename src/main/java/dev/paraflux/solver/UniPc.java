package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/**
 * UniPC with data prediction and B(h) = exp(h) - 1 (Zhao et al., arXiv 2302.04867, theorem 3.1, "bh2"): a predictor
 * UniP-p, whose row is evaluated, then the corrector UniC-p at the same level, which takes that evaluation and is not
 * evaluated itself. One evaluation a step; for few steps.
 *
 * <p>Every row is the step of {@code d(x / sigma) = exp(lambda) x0 dlambda} from the last corrected row, with x0 a
 * polynomial through the predictors' x0 ({@link ExponentialWeights}); with two x0 the difference has the weight 1/2
 * that the paper sets for UniP-2 and UniC-1. Lower orders come first, and last: the last step is of first order, and is
 * not corrected. Of rows at equal or close levels one alone is looked at, and none with alpha = 0.
 *
 * @param order p, 1 to 3; lower where the grid has fewer steps
 */
public record UniPc(int order) implements Solver {
    /** Checks the order. */
    public UniPc {
        MultistepOrder.require(order, 3);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1, steps = grid.steps(); i <= steps; i++) {
            int[] known = MultistepOrder.latest(grid, i - 1, Math.min(order, steps + 1 - i), grid.level(i),
                    NoiseLevel::lambda);
            step(rows, grid, i, known);
            if (i < steps) {
                int[] corrected = Arrays.copyOf(known, known.length + 1);
                corrected[known.length] = i;
                step(rows, grid, i, corrected);
            }
        }
        return rows.build();
    }

    /** The row at level i from the corrected row before, with x0 through the predictors at these levels. */
    private static void step(TriangularSystem.Builder rows, TimeGrid grid, int i, int[] levels) {
        NoiseLevel from = grid.level(i - 1);
        NoiseLevel to = grid.level(i);
        double h = DpmSteps.h(from, to);
        double whole = -to.alpha() * Math.expm1(-h);
        int corrected = 2 * (i - 1);
        rows.row(to, corrected).state(corrected, to.sigma() / from.sigma());
        if (levels.length == 1) {
            rows.x0(predictor(i - 1), whole);
        } else if (levels.length == 2) {
            double share = levels[1] == i ? 1 : (grid.level(levels[1]).lambda() - from.lambda()) / h;
            double half = 0.5 * whole / share;
            rows.x0(predictor(i - 1), whole - half).x0(predictor(levels[1]), half);
        } else {
            double[] nodes = Arrays.stream(levels).mapToDouble(k -> grid.level(k).lambda() - from.lambda()).toArray();
            double[] weights = ExponentialWeights.of(h, nodes);
            for (int k = 0; k < levels.length; k++) {
                rows.x0(predictor(levels[k]), to.sigma() / from.sigma() * from.alpha() * weights[k]);
            }
        }
    }

    /** The row of the predictor at a level; the corrector, if there is one, comes after it. */
    private static int predictor(int level) {
        return Math.max(0, 2 * level - 1);
    }
}
