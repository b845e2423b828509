package dev.paraflux.schedule;

import dev.paraflux.check.Require;
import java.util.Arrays;

/**
 * How the noise ratios sigma / alpha of a grid lie between the largest and the smallest. Few steps want most of them
 * where there is little noise, which equal distances in training steps do not give.
 */
@FunctionalInterface
public interface SigmaSpacing {
    /** The exponent of Karras et al.: their choice for every model. */
    double KARRAS_RHO = 7;

    /**
     * The ratio at a share of the way.
     *
     * @param share    0 (sigmaMax) to 1 (sigmaMin)
     * @param sigmaMin above 0
     * @param sigmaMax above sigmaMin, finite
     * @return falling as the share grows
     */
    double sigma(double share, double sigmaMin, double sigmaMax);

    /**
     * Equal distances in sigma^(1/rho): diffusers' {@code use_karras_sigmas}, k-diffusion's {@code get_sigmas_karras}.
     *
     * <p>Source: Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models" (arXiv 2206.00364),
     * equation 5.
     *
     * @param rho above 0, finite; 1 gives equal distances in sigma, more brings the steps closer to the sample. Below about
     *            0.01 sigma^(1/rho) may be no number, which is refused when sigmas are asked for
     * @throws IllegalArgumentException if it is outside
     */
    static SigmaSpacing karras(double rho) {
        Require.positive("rho", rho);
        return (share, sigmaMin, sigmaMax) -> {
            double most = Math.pow(sigmaMax, 1 / rho);
            Require.that(most > 0 && Double.isFinite(most), "rho", rho,
                    "such that sigmaMax^(1/rho) is above 0 and finite; with sigmaMax " + sigmaMax + " it is " + most);
            return Math.pow(most + share * (Math.pow(sigmaMin, 1 / rho) - most), rho);
        };
    }

    /** {@link #karras(double)} with rho {@value #KARRAS_RHO}. */
    static SigmaSpacing karras() {
        return karras(KARRAS_RHO);
    }

    /**
     * Equal distances in log sigma: diffusers' {@code use_exponential_sigmas}, k-diffusion's
     * {@code get_sigmas_exponential}. Since lambda = log(alpha / sigma) = -log of the ratio, it is the uniform lambda of
     * Lu et al., "DPM-Solver" (arXiv 2206.00927, section 4.1), and diffusers' {@code use_lu_lambdas}, too.
     */
    static SigmaSpacing exponential() {
        return (share, sigmaMin, sigmaMax) -> {
            double most = Math.log(sigmaMax);
            return Math.exp(most + share * (Math.log(sigmaMin) - most));
        };
    }

    /**
     * Close to one another at both ends: their shares of the way from sigmaMin to sigmaMax are quantiles of Beta(0.6, 0.6), of
     * probabilities in equal distances. diffusers' {@code use_beta_sigmas}.
     *
     * <p>Source: Lee et al., "Beta Sampling is All You Need" (arXiv 2407.12173), which take them of time steps.
     */
    static SigmaSpacing beta() {
        return BetaSpacing.SPACING;
    }

    /**
     * The ratios from sigmaMax down to sigmaMin, both among them; one alone is sigmaMax.
     *
     * @param count    1 or more
     * @param sigmaMin above 0
     * @param sigmaMax above sigmaMin, finite
     * @throws IllegalArgumentException naming the value outside its range
     */
    default double[] sigmas(int count, double sigmaMin, double sigmaMax) {
        Require.atLeast(1, "sigmas", count);
        Require.positive("sigmaMax", sigmaMax);
        Require.that(sigmaMin > 0 && sigmaMin < sigmaMax, "sigmaMin", sigmaMin,
                "above 0, and below sigmaMax, which is " + sigmaMax);
        double[] sigmas = new double[count];
        Arrays.setAll(sigmas, i -> sigma(i / (count - 1.0), sigmaMin, sigmaMax));
        // The ends as they were given: powers and logarithms would round them.
        sigmas[count - 1] = sigmaMin;
        sigmas[0] = sigmaMax;
        return sigmas;
    }
}
