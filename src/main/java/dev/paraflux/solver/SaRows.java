package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/** Writes the rows of {@link SaSolver}. */
final class SaRows extends CorrectorRows {
    private final SaSolver solver;
    private int[] known;

    SaRows(SaSolver solver, TimeGrid grid, Prediction prediction) {
        super(grid, prediction, solver.ofSample());
        this.solver = solver;
    }

    @Override
    boolean step(int i) {
        known = known(i, solver.predictor(), solver.lowerOrderFinal());
        predict(i);
        return i < grid.steps() && Double.isFinite(h(i));
    }

    /** The corrector's: the new level first. */
    private int[] nodes(int i) {
        if (solver.corrector() == 1) {
            return new int[] {i};
        }
        int[] before = known(i, solver.corrector() - 1, solver.lowerOrderFinal());
        int[] nodes = new int[before.length + 1];
        nodes[0] = i;
        System.arraycopy(before, 0, nodes, 1, before.length);
        return nodes;
    }

    private void predict(int i) {
        NoiseLevel from = grid.level(i - 1);
        NoiseLevel to = grid.level(i);
        double tau = solver.tau(from);
        rows.row(to, corrected[i - 1]).drawn();
        if (from.sameAs(to)) {
            rows.state(corrected[i - 1], 1);
            return;
        }
        if (!solver.ofSample() && from.alpha() == 0) {
            // No noise can be added to nothing else.
            fromNoise(i);
            return;
        }
        double h = h(i);
        if (solver.ofSample()) {
            double kept = tau == 0 ? 1 : Math.exp(-tau * tau * h);
            rows.state(corrected[i - 1], kept * to.sigma() / from.sigma());
            rows.noise(tau == 0 ? 0 : to.sigma() * Math.sqrt(-Math.expm1(-2 * tau * tau * h)));
        } else {
            double carried = to.alpha() * from.ratio();
            rows.state(corrected[i - 1], to.alpha() / from.alpha());
            rows.noise(tau * Math.sqrt(Math.max(0, (carried - to.sigma()) * (carried + to.sigma()))));
        }
        add(known, weights(i, tau, known), 1);
    }

    /** From the same row by the same noise: the predictor's row, with other weights. */
    @Override
    void correct(int i) {
        rows.row(grid.level(i), predictor[i]).state(predictor[i], 1);
        if (!grid.level(i - 1).sameAs(grid.level(i))) {
            double tau = solver.tau(grid.level(i - 1));
            add(known, weights(i, tau, known), -1);
            int[] nodes = nodes(i);
            add(nodes, weights(i, tau, nodes), 1);
        }
    }

    private void add(int[] levels, double[] weights, double sign) {
        for (int k = 0; k < levels.length; k++) {
            add(levels[k], sign * weights[k]);
        }
    }

    /** Of what is predicted at these levels, in the step to level i. */
    private double[] weights(int i, double tau, int[] levels) {
        NoiseLevel from = grid.level(i - 1);
        NoiseLevel to = grid.level(i);
        double h = h(i);
        double more = 1 + tau * tau;
        if (levels.length == 1) {
            return new double[] {solver.ofSample() ? -to.alpha() * Math.expm1(-more * h)
                    : more * (to.sigma() - to.alpha() * from.ratio())};
        }
        if (levels.length == 2 && solver.ofSample()) {
            return two(i, more, levels);
        }
        // In lambda for x0 and in -lambda for eps, the exponential grows.
        double unit = solver.ofSample() ? more : -1;
        double scale = solver.ofSample()
                ? to.sigma() / from.sigma() * from.alpha() * (tau == 0 ? 1 : Math.exp(-tau * tau * h))
                : more * to.alpha() * from.ratio();
        double[] nodes = Arrays.stream(levels)
                .mapToDouble(k -> unit * (grid.level(k).lambda() - from.lambda())).toArray();
        double[] weights = ExponentialWeights.of(unit * h, nodes);
        return Arrays.stream(weights).map(weight -> scale * weight).toArray();
    }

    /** Second order in x0 has weights of its own for the slope, half the step for the integral of the exponential. */
    private double[] two(int i, double more, int[] levels) {
        NoiseLevel from = grid.level(i - 1);
        double alpha = grid.level(i).alpha();
        double h = h(i);
        double whole = -alpha * Math.expm1(-more * h);
        if (levels[0] == i) {
            double half = more * alpha * h / 2;
            return new double[] {half, whole - half};
        }
        double slope = more * alpha * h * h / 2 / (from.lambda() - grid.level(levels[1]).lambda());
        return new double[] {whole + slope, -slope};
    }
}
