package dev.paraflux.solver;

/** B(h) of {@link UniPc} (Zhao et al., arXiv 2302.04867, section 3.1): diffusers' {@code solver_type}. */
public enum UniPcKernel {
    /** h, "bh1": better with many steps and no guidance. */
    BH1,
    /** exp(h) - 1, "bh2": the usual choice. */
    BH2;

    /** B at a length, which for a predicted x0 is negative. */
    double of(double h) {
        return this == BH1 ? h : Math.expm1(h);
    }
}
