package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * SA-Solver (Xue et al., arXiv 2309.05019), stochastic Adams methods, in the form and with the options of diffusers'
 * SASolverScheduler: a predictor, whose row is evaluated, then a corrector at the same level, which takes that evaluation and
 * the same noise, and is not evaluated itself. One evaluation a step.
 *
 * <p>Noise is taken where the model's time is in a window, the paper's tau being 1 there and 0 elsewhere; it is drawn for every
 * step, as diffusers draws it. Lower orders come first, and last, if so chosen; the last step is not corrected. Of rows at
 * equal or close levels one alone is looked at, and none with alpha = 0.
 *
 * @param predictor       order of the predictor, 1 to 3
 * @param corrector       order of the corrector, 1 to 4
 * @param ofSample        whether x0 is interpolated ({@code data_prediction}); else eps
 * @param lowerOrderFinal whether orders fall in the last steps
 * @param tau             how much noise is taken in the window, 0 for none
 * @param tauFrom         least time of the window
 * @param tauTo           greatest time of the window
 */
public record SaSolver(int predictor, int corrector, boolean ofSample, boolean lowerOrderFinal, double tau,
        double tauFrom, double tauTo) implements Solver {
    private static final int MOST_PREDICTOR = 3;
    private static final int MOST_CORRECTOR = 4;
    private static final double TAU_FROM = 200;
    private static final double TAU_TO = 800;

    /** Checks orders and tau. */
    public SaSolver {
        Require.between(1, MOST_PREDICTOR, "predictor", predictor);
        Require.between(1, MOST_CORRECTOR, "corrector", corrector);
        Require.that(tau >= 0 && tau < Double.POSITIVE_INFINITY, "tau", tau, "0 or more");
    }

    /** With diffusers' window, of times from 200 to 800. */
    public SaSolver(int predictor, int corrector, boolean ofSample, boolean lowerOrderFinal) {
        this(predictor, corrector, ofSample, lowerOrderFinal, 1, TAU_FROM, TAU_TO);
    }

    /** How much noise a step takes that begins at a level. */
    double tau(NoiseLevel from) {
        return from.time() >= tauFrom && from.time() <= tauTo ? tau : 0;
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new SaRows(this, grid, prediction).system();
    }
}
