package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/** Writes the rows of {@link UniPc}. */
final class UniPcRows extends CorrectorRows {
    private final UniPc solver;
    private int[] known;

    UniPcRows(UniPc solver, TimeGrid grid, Prediction prediction) {
        super(grid, prediction, solver.ofSample());
        this.solver = solver;
    }

    @Override
    boolean step(int i) {
        known = known(i, solver.order(), solver.lowerOrderFinal());
        step(i, known);
        return i < grid.steps() && !solver.uncorrected().contains(i - 1) && canCorrect(i);
    }

    @Override
    void correct(int i) {
        int[] nodes = Arrays.copyOf(known, known.length + 1);
        nodes[known.length] = i;
        step(i, nodes);
    }

    /** Over an infinite step, from alpha = 0, the mean of two eps is infinite, and so is h. */
    private boolean canCorrect(int i) {
        return solver.ofSample() && solver.kernel() == UniPcKernel.BH2
                || Double.isFinite(h(i));
    }

    /** The row at level i from the corrected row before, through what is predicted at these levels. */
    private void step(int i, int[] levels) {
        NoiseLevel from = grid.level(i - 1);
        NoiseLevel to = grid.level(i);
        double h = h(i);
        rows.row(to, corrected[i - 1]);
        if (Double.isInfinite(h) && levels.length == 1) {
            // The parent may be a corrected row, which is not evaluated: its own state, and the predictor's x0 or eps.
            infinite(i, from, to);
            return;
        }
        double factor = solver.ofSample() ? to.alpha() : to.sigma();
        double hh = solver.ofSample() ? -h : h;
        // Between levels without signal alpha is not to divide by.
        boolean bySigma = solver.ofSample() || h == 0;
        rows.state(corrected[i - 1], bySigma ? to.sigma() / from.sigma() : to.alpha() / from.alpha());
        double whole = -factor * Math.expm1(hh);
        if (levels.length == 1) {
            add(i - 1, whole);
        } else if (levels.length == 2) {
            double share = levels[1] == i ? 1 : (grid.level(levels[1]).lambda() - from.lambda()) / h;
            double half = -factor * solver.kernel().of(hh) * 0.5 / share;
            add(i - 1, whole - half);
            add(levels[1], half);
        } else {
            // In lambda for x0 and in -lambda for eps, the exponential grows.
            double sign = solver.ofSample() ? 1 : -1;
            double scale = solver.ofSample() ? to.sigma() / from.sigma() * from.alpha()
                    : to.alpha() / from.alpha() * from.sigma();
            double[] nodes = Arrays.stream(levels)
                    .mapToDouble(k -> sign * (grid.level(k).lambda() - from.lambda())).toArray();
            double[] weights = ExponentialWeights.of(sign * h, nodes);
            for (int k = 0; k < levels.length; k++) {
                add(levels[k], scale * weights[k]);
            }
        }
    }

    private void infinite(int i, NoiseLevel from, NoiseLevel to) {
        if (solver.ofSample()) {
            rows.state(corrected[i - 1], to.sigma() / from.sigma());
            rows.x0(predictor[i - 1], to.alpha());
        } else if (from.alpha() == 0) {
            fromNoise(i);
        } else {
            rows.state(corrected[i - 1], to.alpha() / from.alpha());
            rows.epsilon(predictor[i - 1], to.sigma() - to.alpha() * from.ratio());
        }
    }
}
