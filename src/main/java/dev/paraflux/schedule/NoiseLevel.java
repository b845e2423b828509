package dev.paraflux.schedule;

/**
 * How noisy a state is: x = alpha x0 + sigma eps, with eps standard normal.
 *
 * @param time  what the model is told, for most models the training step; finite
 * @param alpha the factor of the sample, finite, from 0: sqrt(alpha-bar) of a noise schedule
 * @param sigma the factor of the noise, finite, from 0: sqrt(1 - alpha-bar) of a noise schedule. Not 0 together with
 *              alpha
 */
public record NoiseLevel(double time, double alpha, double sigma) {
    private static final double ROUNDING = 1e-6;

    /** Checks the numbers. */
    public NoiseLevel {
        if (!Double.isFinite(time)) {
            throw new IllegalArgumentException("time = " + time + ", legal: finite");
        }
        requireFinite("alpha", alpha);
        requireFinite("sigma", sigma);
        if (alpha == 0 && sigma == 0) {
            throw new IllegalArgumentException("alpha and sigma are both 0, legal: one of them above 0");
        }
    }

    private static void requireFinite(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " = " + value + ", legal: finite, 0 or more");
        }
    }

    /**
     * The level of a variance-preserving schedule.
     *
     * @param time     as above
     * @param alphaBar 0 (only noise) to 1 (no noise)
     * @throws IllegalArgumentException if it is outside
     */
    public static NoiseLevel ofAlphaBar(double time, double alphaBar) {
        if (!(alphaBar >= 0 && alphaBar <= 1)) {
            throw new IllegalArgumentException("alphaBar = " + alphaBar + ", legal: 0 to 1");
        }
        return new NoiseLevel(time, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    /** The log signal-to-noise ratio 2 log(alpha / sigma): -infinity where alpha = 0, infinity where sigma = 0. */
    public double logSnr() {
        return 2 * lambda();
    }

    /** Half of it, log(alpha / sigma): what exponential integrators step in. */
    public double lambda() {
        return Math.log(alpha / sigma);
    }

    /** Whether alpha^2 + sigma^2 is 1, but for roundings: data of unit variance then makes states of unit variance. */
    public boolean preservesVariance() {
        return Math.abs(alpha * alpha + sigma * sigma - 1) < ROUNDING;
    }

    /**
     * Standard deviation of DDPM's posterior noise from this level to a less noisy one (Song, Meng, Ermon, arXiv
     * 2010.02502, equation 16 with eta = 1). The square root is that of 1 - alpha^2 / alpha'^2, written so that it holds
     * where alpha^2 + sigma^2 is not 1 as well.
     */
    public double noiseScaleTo(NoiseLevel next) {
        double carried = alpha / next.alpha * next.sigma;
        return next.sigma / sigma * Math.sqrt(Math.max(0, sigma * sigma - carried * carried));
    }
}
