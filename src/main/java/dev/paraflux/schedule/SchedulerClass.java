package dev.paraflux.schedule;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The classes of diffusers whose files are understood, and what each of them takes for a key that is absent.
 */
public enum SchedulerClass {
    DDIM("DDIMScheduler", Spacing.LEADING, FinalAlpha.ONE, Keys.CLIP, Keys.THRESHOLD),
    DDPM("DDPMScheduler", Spacing.LEADING, FinalAlpha.ONE, Keys.CLIP, Keys.THRESHOLD),
    EULER("EulerDiscreteScheduler", Spacing.LINSPACE, FinalAlpha.ONE, Keys.KARRAS, Keys.EXPONENTIAL),
    HEUN("HeunDiscreteScheduler", Spacing.LINSPACE, FinalAlpha.ONE, Keys.CLIP, Keys.KARRAS, Keys.EXPONENTIAL),
    DPM_MULTISTEP("DPMSolverMultistepScheduler", Spacing.LINSPACE, FinalAlpha.ONE, Keys.THRESHOLD, Keys.KARRAS,
            Keys.EXPONENTIAL, Keys.LU),
    DPM_SINGLESTEP("DPMSolverSinglestepScheduler", Spacing.LINSPACE, FinalAlpha.ONE, Keys.THRESHOLD, Keys.KARRAS,
            Keys.EXPONENTIAL),
    UNIPC("UniPCMultistepScheduler", Spacing.LINSPACE, FinalAlpha.ONE, Keys.THRESHOLD, Keys.KARRAS, Keys.EXPONENTIAL),
    PNDM("PNDMScheduler", Spacing.LEADING, FinalAlpha.FIRST),
    DEIS("DEISMultistepScheduler", Spacing.LINSPACE, FinalAlpha.FIRST, Keys.THRESHOLD, Keys.KARRAS, Keys.EXPONENTIAL),
    FLOW_EULER("FlowMatchEulerDiscreteScheduler", Spacing.LINSPACE, FinalAlpha.ONE);

    /** The options that not every class has. */
    static final class Keys {
        static final String CLIP = "clip_sample";
        static final String THRESHOLD = "thresholding";
        static final String KARRAS = "use_karras_sigmas";
        static final String EXPONENTIAL = "use_exponential_sigmas";
        static final String LU = "use_lu_lambdas";

        private Keys() {}
    }

    private final String className;
    private final Spacing spacing;
    private final FinalAlpha finalAlpha;
    private final Set<String> options;

    SchedulerClass(String className, Spacing spacing, FinalAlpha finalAlpha, String... options) {
        this.className = className;
        this.spacing = spacing;
        this.finalAlpha = finalAlpha;
        this.options = Set.of(options);
    }

    /** The class of a name, if it is one of these. */
    static Optional<SchedulerClass> named(String className) {
        return Arrays.stream(values()).filter(one -> one.className.equals(className)).findFirst();
    }

    /** The names of all of them. */
    public static List<String> classNames() {
        return Arrays.stream(values()).map(SchedulerClass::className).toList();
    }

    /** As it is written in {@code _class_name}. */
    public String className() {
        return className;
    }

    Spacing spacing() {
        return spacing;
    }

    FinalAlpha finalAlpha() {
        return finalAlpha;
    }

    /** Whether one of {@link Keys} means something to this class. */
    boolean has(String option) {
        return options.contains(option);
    }

    /** Whether DDIM's key for the last level is this one's too. */
    boolean hasAlphaToOne() {
        return this == DDIM || this == DDPM || this == PNDM;
    }

    boolean hasFinalSigmas() {
        return this == EULER || this == DPM_MULTISTEP || this == DPM_SINGLESTEP || this == UNIPC;
    }

    /** See {@link TrainedGrid#oneTimeMore}. */
    boolean oneTimeMore() {
        return this == DPM_MULTISTEP || this == DPM_SINGLESTEP || this == UNIPC || this == DEIS;
    }

    double betaStart() {
        return this == HEUN ? 0.00085 : 1e-4;
    }

    double betaEnd() {
        return this == HEUN ? 0.012 : 0.02;
    }
}
