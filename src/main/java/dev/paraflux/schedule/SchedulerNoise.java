package dev.paraflux.schedule;

import java.util.Optional;

/**
 * The noise that a class's keys say a model was trained with.
 *
 * @param settings of a class with training steps
 * @param own      a schedule in place of what the keys say
 */
record SchedulerNoise(SchedulerSettings settings, Optional<NoiseSchedule> own) {
    /** diffusers lifts a last alpha-bar of 0 for the classes that divide by it. */
    NoiseSchedule lifted() {
        return settings.flag("rescale_betas_zero_snr") ? schedule().lifted() : schedule();
    }

    /** As the keys say. */
    NoiseSchedule schedule() {
        if (own.isPresent()) {
            return own.get();
        }
        NoiseSchedule schedule = settings.betas().map(this::trainedBetas).orElseGet(this::shapedBetas);
        if (settings.scheduler().has("snr_shift_scale")) {
            schedule = schedule.withSnrDividedBy(settings.number("snr_shift_scale"));
        }
        return settings.flag("rescale_betas_zero_snr") ? schedule.zeroTerminalSnr() : schedule;
    }

    private NoiseSchedule trainedBetas(NoiseScheduleBetas betas) {
        int count = betas.values().length;
        if (settings.gives("num_train_timesteps") && settings.integer("num_train_timesteps") != count) {
            throw settings.wrong("num_train_timesteps", count + ", the number of trained_betas,");
        }
        return NoiseSchedule.ofBetas(betas.values());
    }

    private NoiseSchedule shapedBetas() {
        int steps = settings.integer("num_train_timesteps");
        double start = settings.number("beta_start");
        double end = settings.number("beta_end");
        return switch (settings.word("beta_schedule")) {
            case "linear" -> NoiseSchedule.linear(steps, start, end);
            case "scaled_linear" -> NoiseSchedule.scaledLinear(steps, start, end);
            case "sigmoid" -> NoiseSchedule.sigmoid(steps, start, end);
            default -> NoiseSchedule.squaredCosine(steps);
        };
    }
}
