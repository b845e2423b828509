package dev.paraflux.schedule;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a model was trained with and which steps to take: the {@code scheduler_config.json} of diffusers. Read one to
 * sample a model as its author meant it.
 *
 * <p>Keys: num_train_timesteps, beta_start, beta_end, beta_schedule, trained_betas, rescale_betas_zero_snr,
 * prediction_type, timestep_spacing, steps_offset, set_alpha_to_one. One that is absent or null has the default of
 * diffusers' DDIMScheduler. DDPMScheduler has the same defaults and no set_alpha_to_one, since it always ends at
 * alpha 1, which is the default too; a file that has the key nevertheless is taken at its word. Other schedulers'
 * files are read the same way if they name their betas. An option that would change the picture and is not supported,
 * such as clip_sample, is refused when switched on; absent means off, also where diffusers' default is on. Other keys
 * are ignored.
 *
 * @param schedule    the training noise
 * @param prediction  what the model's output means
 * @param spacing     which training steps a grid visits
 * @param stepsOffset added to the times of {@link Spacing#LEADING}, 0 to T - 1
 * @param finalAlpha  the noise left in the sample
 */
public record SchedulerConfig(NoiseSchedule schedule, Prediction prediction, Spacing spacing, int stepsOffset,
        FinalAlpha finalAlpha) {
    private static final Map<String, Prediction> PREDICTIONS = ordered(
            Map.entry("epsilon", Prediction.EPSILON),
            Map.entry("sample", Prediction.SAMPLE),
            Map.entry("v_prediction", Prediction.VELOCITY));
    private static final Map<String, Spacing> SPACINGS = ordered(
            Map.entry("leading", Spacing.LEADING),
            Map.entry("trailing", Spacing.TRAILING),
            Map.entry("linspace", Spacing.LINSPACE));
    private static final Map<String, BetaSchedule> BETA_SCHEDULES = ordered(
            Map.entry("linear", NoiseSchedule::linear),
            Map.entry("scaled_linear", NoiseSchedule::scaledLinear),
            Map.entry("squaredcos_cap_v2", (steps, start, end) -> NoiseSchedule.squaredCosine(steps)));
    private static final List<String> UNSUPPORTED = List.of("clip_sample", "thresholding", "use_karras_sigmas",
            "use_exponential_sigmas", "use_beta_sigmas", "use_flow_sigmas", "use_lu_lambdas");
    private static final List<String> CLASSES_WITH_THESE_DEFAULTS = List.of("DDIMScheduler", "DDPMScheduler");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private interface BetaSchedule {
        NoiseSchedule of(int trainingSteps, double betaStart, double betaEnd);
    }

    /** Checks the offset. */
    public SchedulerConfig {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(prediction, "prediction");
        Objects.requireNonNull(spacing, "spacing");
        Objects.requireNonNull(finalAlpha, "finalAlpha");
        if (stepsOffset < 0 || stepsOffset >= schedule.trainingSteps()) {
            throw new IllegalArgumentException(
                    "stepsOffset = " + stepsOffset + ", legal: 0 to " + (schedule.trainingSteps() - 1));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException              with the path, if it cannot be read or is not JSON
     * @throws IllegalArgumentException with the path, key, value and what is legal
     */
    public static SchedulerConfig read(Path path) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(path));
            if (json.isMissingNode()) {
                throw new IOException("not JSON: the file is empty");
            }
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": no such file", e);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new IOException(path + ": not JSON" + where + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
        try {
            return parse(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads an object that is part of another file, such as a model's card.
     *
     * @throws IllegalArgumentException with key, value and what is legal
     */
    public static SchedulerConfig parse(JsonNode json) {
        JsonSettings settings = new JsonSettings(json);
        refuseUnsupported(settings, json);
        NoiseSchedule schedule = schedule(settings);
        return new SchedulerConfig(schedule,
                settings.choice("prediction_type", "epsilon", PREDICTIONS),
                settings.choice("timestep_spacing", "leading", SPACINGS),
                settings.integer("steps_offset", 0, 0, schedule.trainingSteps() - 1),
                settings.flag("set_alpha_to_one", true) ? FinalAlpha.ONE : FinalAlpha.FIRST);
    }

    private static NoiseSchedule schedule(JsonSettings settings) {
        int steps = settings.integer("num_train_timesteps", 1000, 1, NoiseSchedule.MOST_TRAINING_STEPS);
        double start = settings.fraction("beta_start", 1e-4);
        double end = settings.fraction("beta_end", 0.02);
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

    private static void refuseUnsupported(JsonSettings settings, JsonNode json) {
        for (String option : UNSUPPORTED) {
            if (settings.flag(option, false)) {
                throw new IllegalArgumentException(option + " is true, which is not supported; set it to false");
            }
        }
        if (!settings.flag("predict_epsilon", true)) {
            throw new IllegalArgumentException(
                    "predict_epsilon is false, which is out of date; set prediction_type to sample instead");
        }
        settings.choice("timestep_type", "discrete", Map.of("discrete", true));
        boolean foreign = settings.has("_class_name")
                && !CLASSES_WITH_THESE_DEFAULTS.contains(json.get("_class_name").asText());
        if (foreign && !settings.has("beta_schedule") && !settings.has("trained_betas")) {
            // The defaults are DDIMScheduler's. A flow-matching scheduler, say, has no betas at all.
            throw new IllegalArgumentException("_class_name is " + json.get("_class_name")
                    + " and there is neither beta_schedule nor trained_betas, legal without them: "
                    + String.join(", ", CLASSES_WITH_THESE_DEFAULTS));
        }
    }

    /** The same settings with another spacing. */
    public SchedulerConfig withSpacing(Spacing other) {
        return new SchedulerConfig(schedule, prediction, other, stepsOffset, finalAlpha);
    }

    /**
     * The grid of a number of steps.
     *
     * @param steps 1 to the training steps
     * @throws IllegalArgumentException naming the value and its range; also if the offset is too large for that many
     *                                  leading steps
     */
    public TimeGrid grid(int steps) {
        return TimeGrid.of(schedule, steps, spacing, stepsOffset, finalAlpha);
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
