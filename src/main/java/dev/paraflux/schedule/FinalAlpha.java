package dev.paraflux.schedule;

/** The noise that is left in the sample, the last row of a grid ({@code set_alpha_to_one} in diffusers). */
public enum FinalAlpha {
    /** None: alpha-bar 1. The usual choice. */
    ONE {
        @Override
        NoiseLevel level(NoiseSchedule schedule) {
            return NoiseLevel.ofAlphaBar(0, 1);
        }
    },
    /** That of training step 0, as Stable Diffusion has it. */
    FIRST {
        @Override
        NoiseLevel level(NoiseSchedule schedule) {
            return schedule.level(0);
        }
    };

    abstract NoiseLevel level(NoiseSchedule schedule);
}
