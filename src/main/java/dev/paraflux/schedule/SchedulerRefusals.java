package dev.paraflux.schedule;

import dev.paraflux.schedule.SchedulerClass.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options that would change the picture and are not supported: each is refused by name where its class has it. */
final class SchedulerRefusals {
    private static final List<String> OPTIONAL = List.of(Keys.CLIP, Keys.THRESHOLD, Keys.KARRAS, Keys.EXPONENTIAL,
            Keys.LU);

    private final JsonSettings settings;

    private SchedulerRefusals(JsonSettings settings) {
        this.settings = settings;
    }

    /** Refuses what DDIM lacks where the class is not known. */
    static void check(JsonSettings settings, Optional<SchedulerClass> known) {
        new SchedulerRefusals(settings).check(known);
    }

    private void check(Optional<SchedulerClass> known) {
        SchedulerClass scheduler = known.orElse(SchedulerClass.DDIM);
        for (String option : OPTIONAL) {
            // Asked for in any case: a value that is no flag is wrong for every class.
            if (settings.flag(option, false) && !scheduler.has(option)) {
                require(option, false, false);
            }
        }
        require("use_beta_sigmas", false, false);
        require("use_flow_sigmas", false, false);
        if (!settings.flag("predict_epsilon", true)) {
            throw new IllegalArgumentException(
                    "predict_epsilon is false, which is out of date; set prediction_type to sample instead");
        }
        settings.choice("timestep_type", "discrete", Map.of("discrete", true));
        known.ifPresent(this::checkOwn);
    }

    private void checkOwn(SchedulerClass scheduler) {
        switch (scheduler) {
            case EULER -> {
                requireNull("sigma_min");
                requireNull("sigma_max");
            }
            case DPM_MULTISTEP -> {
                require("lower_order_final", true, true);
                // A last step into sigma = 0 is of first order anyway.
                if (!"zero".equals(settings.text("final_sigmas_type").orElse("zero"))) {
                    require("euler_at_final", false, false);
                }
                checkDpm();
            }
            case DPM_SINGLESTEP -> checkDpm();
            case UNIPC -> {
                require("lower_order_final", true, true);
                require("predict_x0", true, true);
                requireNull("solver_p");
                settings.requireEmpty("disable_corrector");
            }
            case DEIS -> require("lower_order_final", true, true);
            case PNDM -> require("skip_prk_steps", true, false);
            case FLOW_EULER -> {
                require("use_dynamic_shifting", false, false);
                require("invert_sigmas", false, false);
                require("stochastic_sampling", false, false);
                requireNull("shift_terminal");
            }
            case DDIM, DDPM, HEUN -> {
            }
        }
    }

    private void checkDpm() {
        settings.number("lambda_min_clipped", Double.NEGATIVE_INFINITY, value -> value == Double.NEGATIVE_INFINITY,
                "-Infinity");
        if (settings.text("variance_type").orElse("").startsWith("learned")) {
            throw new IllegalArgumentException("variance_type is " + settings.text("variance_type").get()
                    + ", which is not supported; the model is to predict no variance");
        }
    }

    private void require(String option, boolean legal, boolean absent) {
        if (settings.flag(option, absent) != legal) {
            throw new IllegalArgumentException(
                    option + " is " + !legal + ", which is not supported; set it to " + legal);
        }
    }

    private void requireNull(String option) {
        if (settings.has(option)) {
            throw new IllegalArgumentException(option + " is given, which is not supported; set it to null");
        }
    }
}
