package dev.paraflux.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pipelines that are run, by what diffusers and Optimum call them. */
public enum PipelineKind {
    /** Versions 1 and 2: one text encoder, and a UNet. */
    STABLE_DIFFUSION("StableDiffusion", "unet", "sample", 1, 7.5, 50),
    /** Two text encoders, whose pooled vector and the picture's sizes the UNet takes besides. */
    STABLE_DIFFUSION_XL("StableDiffusionXL", "unet", "sample", 2, 5, 50),
    /**
     * Flow matching by a transformer: two text encoders, and a third one, T5, which is not run: its part is given, or
     * zeros.
     */
    STABLE_DIFFUSION_3("StableDiffusion3", "transformer", "hidden_states", 2, 7, 28),
    /** Version 1, distilled for guidance and few steps. */
    LATENT_CONSISTENCY("LatentConsistencyModel", "unet", "sample", 1, 8.5, 4);

    private static final double NONE = 1;
    private static final List<String> MAKERS = List.of("", "ORT", "Onnx");
    private static final List<String> PURPOSES = List.of("", "Img2Img", "Inpaint");

    private final String family;
    private final String denoiser;
    private final String latents;
    private final int encoders;
    private final double guidance;
    private final int steps;

    PipelineKind(String family, String denoiser, String latents, int encoders, double guidance, int steps) {
        this.family = family;
        this.denoiser = denoiser;
        this.latents = latents;
        this.encoders = encoders;
        this.guidance = guidance;
        this.steps = steps;
    }

    /** Classes of {@code model_index.json}, and their kinds. */
    static Map<String, PipelineKind> classes() {
        Map<String, PipelineKind> classes = new LinkedHashMap<>();
        for (String maker : MAKERS) {
            for (PipelineKind kind : values()) {
                // Strength means other steps there.
                for (String purpose : kind == LATENT_CONSISTENCY ? PURPOSES.subList(0, 1) : PURPOSES) {
                    classes.put(maker + kind.family + purpose + "Pipeline", kind);
                }
            }
        }
        return classes;
    }

    /** What a message names: each class once, without those of its other purposes. */
    static String classNames() {
        StringBuilder names = new StringBuilder();
        for (PipelineKind kind : values()) {
            names.append(names.length() == 0 ? "" : ", ").append(kind.family).append("Pipeline");
        }
        return "one of " + names
                + ", or one of Optimum's (ORTStableDiffusionPipeline for example), plain or for Img2Img or"
                + " Inpaint";
    }

    /** The folder of what denoises. */
    public String denoiser() {
        return denoiser;
    }

    /** What denoises calls the latents that it is given. */
    String latents() {
        return latents;
    }

    /** How many text encoders are run. */
    int encoders() {
        return encoders;
    }

    /** The guidance that diffusers takes where none is asked for. */
    public double guidance() {
        return guidance;
    }

    /**
     * The weight that a picture is guided by: no guidance at 1 and below, as in diffusers, whose pipelines leave the other
     * half out there. Distilled pipelines are asked for 0.
     */
    public static double weight(double guidance) {
        return Math.max(NONE, guidance);
    }

    /** The number of steps that diffusers takes where none is asked for. */
    public int steps() {
        return steps;
    }
}
