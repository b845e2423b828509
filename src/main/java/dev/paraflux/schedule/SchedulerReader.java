package dev.paraflux.schedule;

import dev.paraflux.schedule.SchedulerClass.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes a {@link SchedulerConfig} of the keys of a file. */
final class SchedulerReader {
    private static final Map<String, Prediction> PREDICTIONS = ordered(
            Map.entry("epsilon", Prediction.EPSILON),
            Map.entry("sample", Prediction.SAMPLE),
            Map.entry("v_prediction", Prediction.VELOCITY),
            Map.entry("flow_prediction", Prediction.FLOW));
    private static final Map<String, Spacing> SPACINGS = ordered(
            Map.entry("leading", Spacing.LEADING),
            Map.entry("trailing", Spacing.TRAILING),
            Map.entry("linspace", Spacing.LINSPACE));
    private static final Map<String, FinalAlpha> FINAL_SIGMAS = ordered(
            Map.entry("zero", FinalAlpha.ONE),
            Map.entry("sigma_min", FinalAlpha.FIRST));
    private static final Map<String, BetaSchedule> BETA_SCHEDULES = ordered(
            Map.entry("linear", NoiseSchedule::linear),
            Map.entry("scaled_linear", NoiseSchedule::scaledLinear),
            Map.entry("squaredcos_cap_v2", (steps, start, end) -> NoiseSchedule.squaredCosine(steps)));

    private interface BetaSchedule {
        NoiseSchedule of(int trainingSteps, double betaStart, double betaEnd);
    }

    private final JsonSettings settings;
    private final Optional<String> className;
    /** Whose defaults are taken. */
    private final SchedulerClass scheduler;

    private SchedulerReader(JsonSettings settings) {
        this.settings = settings;
        className = settings.text("_class_name");
        Optional<SchedulerClass> known = className.flatMap(SchedulerClass::named);
        scheduler = known.orElse(SchedulerClass.DDIM);
        SchedulerRefusals.check(settings, known);
        if (className.isPresent() && known.isEmpty() && !settings.has("beta_schedule")
                && !settings.has("trained_betas")) {
            // The defaults are DDIMScheduler's, and another scheduler may have no betas at all.
            throw new IllegalArgumentException("_class_name is \"" + className.get()
                    + "\" and there is neither beta_schedule nor trained_betas, legal without them: "
                    + String.join(", ", SchedulerClass.classNames()));
        }
    }

    /**
     * Reads the keys.
     *
     * @throws IllegalArgumentException with key, value and what is legal
     */
    static SchedulerConfig read(JsonSettings settings) {
        return new SchedulerReader(settings).config();
    }

    private SchedulerConfig config() {
        OptionalInt order = settings.has("solver_order")
                ? OptionalInt.of(settings.integer("solver_order", 0, 1, 3)) : OptionalInt.empty();
        SolverSettings solver = new SolverSettings(className, order, settings.text("algorithm_type"),
                settings.text("solver_type"));
        if (scheduler == SchedulerClass.FLOW_EULER) {
            Prediction flow = settings.choice("prediction_type", "flow_prediction",
                    Map.of("flow_prediction", Prediction.FLOW));
            double shift = settings.number("shift", 1, SchedulerReader::positive, "a number above 0");
            return new SchedulerConfig(new FlowGrid(shift, trainingSteps()), flow, X0Limit.NONE, solver);
        }
        return new SchedulerConfig(trainedGrid(), settings.choice("prediction_type", "epsilon", PREDICTIONS),
                limit(), solver);
    }

    private TrainedGrid trainedGrid() {
        NoiseSchedule schedule = schedule();
        // The single-step scheduler has no such key: what is left of another's file means nothing to it.
        Spacing spacing = scheduler == SchedulerClass.DPM_SINGLESTEP ? scheduler.spacing()
                : settings.has("timestep_spacing") ? settings.choice("timestep_spacing", "", SPACINGS)
                        : scheduler.spacing();
        return new TrainedGrid(schedule, spacing,
                settings.integer("steps_offset", 0, 0, schedule.trainingSteps() - 1),
                scheduler.oneTimeMore(), sigmas(), finalAlpha());
    }

    private FinalAlpha finalAlpha() {
        FinalAlpha absent = scheduler.finalAlpha();
        if (scheduler.hasAlphaToOne()) {
            return settings.flag("set_alpha_to_one", absent == FinalAlpha.ONE) ? FinalAlpha.ONE : FinalAlpha.FIRST;
        }
        return scheduler.hasFinalSigmas() ? settings.choice("final_sigmas_type", "zero", FINAL_SIGMAS) : absent;
    }

    private Optional<SigmaRule> sigmas() {
        List<String> on = new ArrayList<>();
        for (String key : List.of(Keys.KARRAS, Keys.EXPONENTIAL, Keys.LU)) {
            if (settings.flag(key, false)) {
                on.add(key);
            }
        }
        if (on.size() > 1) {
            throw new IllegalArgumentException(String.join(" and ", on) + " are true, legal: one of them");
        }
        return on.stream().findFirst().map(key -> key.equals(Keys.KARRAS) ? SigmaRule.KARRAS : SigmaRule.EXPONENTIAL);
    }

    /** As in diffusers, thresholding comes before clipping. */
    private X0Limit limit() {
        double range = settings.number("clip_sample_range", 1, SchedulerReader::positive, "a number above 0");
        double ratio = settings.number("dynamic_thresholding_ratio", 0.995, value -> value >= 0 && value <= 1,
                "a number from 0 to 1");
        double most = settings.number("sample_max_value", 1, value -> value >= 1 && positive(value),
                "a number from 1");
        if (settings.flag(Keys.THRESHOLD, false)) {
            return X0Limit.dynamic(ratio, most);
        }
        return settings.flag(Keys.CLIP, false) ? X0Limit.at(range) : X0Limit.NONE;
    }

    private NoiseSchedule schedule() {
        int steps = trainingSteps();
        double start = settings.fraction("beta_start", scheduler.betaStart());
        double end = settings.fraction("beta_end", scheduler.betaEnd());
        BetaSchedule shape = settings.choice("beta_schedule", "linear", BETA_SCHEDULES);
        NoiseSchedule schedule;
        if (settings.has("trained_betas")) {
            double[] betas = settings.numbers("trained_betas");
            if (settings.has("num_train_timesteps") && betas.length != steps) {
                throw new IllegalArgumentException("trained_betas has " + betas.length
                        + " numbers, legal: num_train_timesteps of them, which is " + steps);
            }
            schedule = NoiseSchedule.ofBetas(betas);
        } else {
            schedule = shape.of(steps, start, end);
        }
        return settings.flag("rescale_betas_zero_snr", false) ? schedule.zeroTerminalSnr() : schedule;
    }

    private int trainingSteps() {
        return settings.integer("num_train_timesteps", 1000, 1, NoiseSchedule.MOST_TRAINING_STEPS);
    }

    private static boolean positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    @SafeVarargs
    private static <T> Map<String, T> ordered(Map.Entry<String, T>... entries) {
        Map<String, T> map = new LinkedHashMap<>();
        for (Map.Entry<String, T> entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }
}
