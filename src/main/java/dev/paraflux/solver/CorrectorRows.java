package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Rows of a multistep solver that predicts a level, evaluates the model there, corrects the state by that, and steps on from the
 * corrected one.
 */
abstract class CorrectorRows {
    final TimeGrid grid;
    final TriangularSystem.Builder rows;
    /** The rows of the predictor, which is evaluated, and of what steps on, at each level. */
    final int[] predictor;
    final int[] corrected;
    private final boolean ofSample;

    /** @param ofSample whether steps are told in x0; else in eps */
    CorrectorRows(TimeGrid grid, Prediction prediction, boolean ofSample) {
        this.grid = grid;
        this.ofSample = ofSample;
        rows = new TriangularSystem.Builder(grid.level(0), prediction);
        predictor = new int[grid.steps() + 1];
        corrected = new int[grid.steps() + 1];
    }

    final TriangularSystem system() {
        for (int i = 1; i <= grid.steps(); i++) {
            predictor[i] = corrected[i - 1] + 1;
            corrected[i] = predictor[i];
            if (step(i)) {
                corrected[i]++;
                correct(i);
            }
        }
        return rows.build();
    }

    /** Writes the predictor's row at a level; whether it is corrected. */
    abstract boolean step(int i);

    /** Writes the corrected row. */
    abstract void correct(int i);

    final double h(int i) {
        return DpmSteps.h(grid.level(i - 1), grid.level(i));
    }

    /** The levels that a step to level i looks back on, the latest first: so many, or as many as steps are left, if that counts. */
    final int[] known(int i, int order, boolean lowerOrderFinal) {
        int most = lowerOrderFinal ? Math.min(order, grid.steps() + 1 - i) : order;
        return MultistepOrder.latest(grid, i - 1, most, grid.level(i), NoiseLevel::lambda);
    }

    /** Adds so much of what is predicted at a level. */
    final void add(int level, double factor) {
        if (ofSample) {
            rows.x0(predictor[level], factor);
        } else {
            rows.epsilon(predictor[level], factor);
        }
    }

    /** The step from noise alone, before which nothing was corrected. */
    final void fromNoise(int i) {
        NoiseLevel to = grid.level(i);
        rows.x0(predictor[i - 1], to.alpha()).epsilon(predictor[i - 1], to.sigma());
    }
}
