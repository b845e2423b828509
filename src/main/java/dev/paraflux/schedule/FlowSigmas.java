package dev.paraflux.schedule;

/** Who says where the taus lie that a scheduler of flow matching shifts. */
public enum FlowSigmas {
    /** The pipeline: 1 to 1/N in equal distances (Flux, LTX). */
    PIPELINE,
    /** The scheduler itself: from 1 to that of the first training step, shifted already (Stable Diffusion 3, AuraFlow). */
    SCHEDULER
}
