package dev.paraflux.solver;

/** The variance of the noise in a step of {@link Ddpm} (arXiv 2006.11239, section 3.2): diffusers' {@code variance_type}. */
public enum DdpmVariance {
    /** That of the posterior, "fixed_small", and "fixed_small_log", which is the same: best where the data is a point. */
    FIXED_SMALL,
    /** Beta of the step, "fixed_large": best where the data is normal. */
    FIXED_LARGE
}
