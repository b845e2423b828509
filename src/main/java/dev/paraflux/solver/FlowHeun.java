package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Heun's method of flow matching: {@code dx / dtau = v = eps - x0} on the line {@code alpha = 1 - tau, sigma = tau}
 * (Lipman et al., arXiv 2210.02747; the trapezoid of Karras et al., arXiv 2206.00364, algorithm 1, over tau). Second order,
 * two evaluations a step; for models of flow matching, from noise alone (tau = 1) on.
 *
 * <pre>x' = x + (tau' - tau) (v + v of the stage) / 2,      stage = x + (tau' - tau) v</pre>
 *
 * <p>The step to tau = 0 is Euler's, as in the published samplers of flow matching: the model is not asked at tau = 0.
 */
public record FlowHeun() implements Solver {
    private static final double OFF_THE_LINE = 1e-6;

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        for (int i = 0; i <= grid.steps(); i++) {
            requireOnTheLine(grid.level(i), i);
        }
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        int full = 0;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            // x + (tau' - tau) v in terms of x0 and eps.
            rows.row(to, full).x0(full, to.alpha()).epsilon(full, to.sigma());
            int stage = full + 1;
            if (to.sigma() > 0) {
                double half = 0.5 * (to.sigma() - from.sigma());
                rows.row(to, full)
                        .x0(full, from.alpha() - half)
                        .epsilon(full, from.sigma() + half)
                        .x0(stage, -half)
                        .epsilon(stage, half);
                full++;
            }
            full++;
        }
        return rows.build();
    }

    private static void requireOnTheLine(NoiseLevel level, int row) {
        if (Math.abs(level.alpha() + level.sigma() - 1) > OFF_THE_LINE) {
            throw new IllegalValueException("alpha + sigma of row " + row, level.alpha() + level.sigma(),
                    "1, the line of flow matching");
        }
    }
}
