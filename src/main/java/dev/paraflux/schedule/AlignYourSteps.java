package dev.paraflux.schedule;

/**
 * Ten steps that were optimized for a model: Sabour, Fidler and Kreis, "Align Your Steps" (arXiv 2404.14507), as its authors
 * publish them and diffusers has them ({@code AysSchedules}). Made for solvers of order 2, such as DPM-Solver++ (2M).
 */
public enum AlignYourSteps {
    /** Of Stable Diffusion 1.5, and models that were trained on from it. */
    STABLE_DIFFUSION(CustomSteps.ofTimes(999, 850, 736, 645, 545, 455, 343, 233, 124, 24),
            CustomSteps.ofSigmas(14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0)),
    /** Of Stable Diffusion XL. */
    STABLE_DIFFUSION_XL(CustomSteps.ofTimes(999, 845, 730, 587, 443, 310, 193, 116, 53, 13),
            CustomSteps.ofSigmas(14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0));

    private final CustomSteps times;
    private final CustomSteps sigmas;

    AlignYourSteps(CustomSteps times, CustomSteps sigmas) {
        this.times = times;
        this.sigmas = sigmas;
    }

    /** Training steps, for the classes that take times. */
    public CustomSteps times() {
        return times;
    }

    /** Noise ratios down to 0, for {@link SchedulerClass#EULER}. */
    public CustomSteps sigmas() {
        return sigmas;
    }
}
