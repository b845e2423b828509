package dev.paraflux.schedule;

/**
 * Sigmas whose shares of the way from the least to the greatest are quantiles of Beta(0.6, 0.6), which lie closer at both ends.
 *
 * @see SigmaSpacing#beta()
 */
final class BetaSpacing implements SigmaSpacing {
    static final BetaSpacing SPACING = new BetaSpacing();

    private static final double SHAPE = 0.6;
    private static final double HALF = 0.5;
    /** Below a half each term of the series is at most half the one before, so that this many tell all digits. */
    private static final int TERMS = 64;
    private static final int HALVINGS = 90;

    private BetaSpacing() {}

    @Override
    public double sigma(double share, double sigmaMin, double sigmaMax) {
        return sigmaMin + quantile(1 - share) * (sigmaMax - sigmaMin);
    }

    /** x with I_x(0.6, 0.6) = p, of p from 0 to 1. */
    private static double quantile(double p) {
        if (p > HALF) {
            return 1 - quantile(1 - p);
        }
        double low = 0;
        double high = HALF;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = HALF * (low + high);
            if (HALF * weight(middle) / weight(HALF) < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return p == 0 ? 0 : HALF * (low + high);
    }

    /** The incomplete beta function of x up to a half, times a constant: a half of it is that of x = 0.5 (DLMF 8.17.8). */
    private static double weight(double x) {
        double term = 1;
        double sum = 1;
        for (int n = 0; n < TERMS; n++) {
            term *= x * (2 * SHAPE + n) / (SHAPE + 1 + n);
            sum += term;
        }
        return Math.pow(x * (1 - x), SHAPE) * sum;
    }

    @Override
    public String toString() {
        return "beta";
    }
}
