package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;

/**
 * How noisy a state is: x = alpha x0 + sigma eps, with eps standard normal.
 *
 * @param time  what the model is given, for most models the training step; finite
 * @param alpha the factor of the sample, finite, from 0: sqrt(alpha-bar) of a noise schedule
 * @param sigma the factor of the noise, finite, from 0: sqrt(1 - alpha-bar) of a noise schedule. Not 0 together with
 *              alpha
 */
public record NoiseLevel(double time, double alpha, double sigma) {
    private static final double ROUNDING = 1e-6;
    /** Far above the roundings of a double, and far below the shortest step of any schedule. */
    private static final double SAME = 1e-9;

    /** Checks the numbers. */
    public NoiseLevel {
        Require.finite("time", time);
        Require.notNegative("alpha", alpha);
        Require.notNegative("sigma", sigma);
        if (alpha == 0 && sigma == 0) {
            throw new IllegalValueException("alpha and sigma", 0, "one of them above 0");
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
        Require.between(0.0, 1.0, "alphaBar", alphaBar);
        return new NoiseLevel(time, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    /**
     * Whether this is the same level but for roundings, alpha and sigma each to a billionth of itself; the time may be
     * another. Two rows at the same level have no step between them, however a comparison of doubles may fall out.
     */
    public boolean sameAs(NoiseLevel other) {
        return same(alpha, other.alpha) && same(sigma, other.sigma);
    }

    /** Whether sigma / alpha is larger here than there by more than roundings, to a billionth. */
    public boolean noisierThan(NoiseLevel other) {
        return ratio() > other.ratio() * (1 + 4 * SAME);
    }

    /** Whether the model is told the same time but for roundings, to a billionth of the larger one. */
    public boolean sameTimeAs(NoiseLevel other) {
        return Math.abs(time - other.time) <= SAME * Math.max(Math.abs(time), Math.abs(other.time));
    }

    private static boolean same(double one, double other) {
        return Math.abs(one - other) <= SAME * Math.max(one, other);
    }

    /** The noise ratio sigma / alpha, 0 or more: infinite where alpha = 0. */
    public double ratio() {
        return sigma / alpha;
    }

    /** The log signal-to-noise ratio 2 log(alpha / sigma): -infinity where alpha = 0, infinity where sigma = 0. */
    public double logSnr() {
        return 2 * lambda();
    }

    /** Half of it, log(alpha / sigma) = -log {@link #ratio()}: what exponential integrators step in. */
    public double lambda() {
        return Math.log(alpha / sigma);
    }

    /** What start noise is multiplied by at such a first level: 1 where variance is preserved, else sigma. */
    public double startScale() {
        return preservesVariance() || sigma == 0 ? 1 : sigma;
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
        if (next.alpha == 0) {
            // Nothing less noisy follows noise alone but noise alone.
            return 0;
        }
        double carried = alpha / next.alpha * next.sigma;
        // As a product, so that the digits of a short step are kept.
        return next.sigma / sigma * Math.sqrt(Math.max(0, (sigma - carried) * (sigma + carried)));
    }
}
