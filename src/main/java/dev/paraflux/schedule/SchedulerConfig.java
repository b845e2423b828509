package dev.paraflux.schedule;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model was trained with and which steps to take: the {@code scheduler_config.json} of diffusers. Read one to
 * sample a model as its author meant it; {@code dev.paraflux.solver.SchedulerSolver} gives the solver that it names,
 * and {@code dev.paraflux.model.X0Clipping} keeps x0 in its limit.
 *
 * <p>{@code _class_name} says whose defaults the absent keys have: {@link SchedulerClass} lists the classes. Without
 * one they are DDIMScheduler's, and so they are for a class that is not listed, if its file names its betas. Keys of
 * the grid: num_train_timesteps, beta_start, beta_end, beta_schedule, trained_betas, rescale_betas_zero_snr,
 * timestep_spacing, steps_offset; set_alpha_to_one of DDIM, DDPM and PNDM, final_sigmas_type of Euler, DPM-Solver and
 * UniPC; use_karras_sigmas, use_exponential_sigmas, use_lu_lambdas; shift of flow matching. Of the model:
 * prediction_type, clip_sample, clip_sample_range, thresholding, dynamic_thresholding_ratio, sample_max_value. Of the
 * solver: solver_order, algorithm_type, solver_type. An option that would change the picture and is not supported is
 * refused by name. clip_sample is off where absent, also where diffusers' default is on. Other keys are ignored.
 *
 * <p>The grids are those of diffusers but for these: Euler and Heun round LINSPACE's times here, and diffusers
 * interpolates between training steps. A rule for the sigmas reaches from the last training step to the first, where
 * diffusers' Euler and Heun take the range of the spaced times (the same for LINSPACE), and its other solvers round the
 * times and repeat the last sigma where the sample keeps its noise. Flow matching has taus in equal distances down to
 * 0, as the pipelines that give their own sigmas; diffusers' scheduler by itself ends them at that of training step 1
 * and shifts it twice. After rescale_betas_zero_snr the last alpha is 0, which diffusers' Euler, DPM-Solver and UniPC
 * lift to 2^-12. N steps of DPMSolverSinglestepScheduler are N whole steps of two evaluations each, not N evaluations.
 *
 * @param gridSettings how grids are made
 * @param prediction   what the model's output means
 * @param x0Limit      the range of the predicted sample; for the guided prediction, where there is guidance
 * @param solver       what the file says about the solver
 */
public record SchedulerConfig(GridSettings gridSettings, Prediction prediction, X0Limit x0Limit,
        SolverSettings solver) {
    private static final JsonMapper JSON = JsonMapper.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

    /** Checks that there are no nulls. */
    public SchedulerConfig {
        Objects.requireNonNull(gridSettings, "gridSettings");
        Objects.requireNonNull(prediction, "prediction");
        Objects.requireNonNull(x0Limit, "x0Limit");
        Objects.requireNonNull(solver, "solver");
    }

    /**
     * Of a noise schedule, with no limit of x0 and no solver named.
     *
     * @throws IllegalArgumentException if the offset is not 0 to T - 1
     */
    public SchedulerConfig(NoiseSchedule schedule, Prediction prediction, Spacing spacing, int stepsOffset,
            FinalAlpha finalAlpha) {
        this(new TrainedGrid(schedule, spacing, stepsOffset, false, Optional.empty(), finalAlpha), prediction,
                X0Limit.NONE, SolverSettings.NONE);
    }

    /**
     * Reads a file.
     *
     * @throws IOException              with the path, if it cannot be read or is not JSON
     * @throws IllegalArgumentException with the path, key, value and what is legal
     */
    public static SchedulerConfig read(Path path) throws IOException {
        return parse(JsonFile.read(path));
    }

    /**
     * Reads an object that is part of another file, such as a model's card.
     *
     * @throws IllegalArgumentException with key, value and what is legal
     */
    public static SchedulerConfig parse(JsonValue json) {
        return SchedulerReader.read(new JsonSettings(json));
    }

    /** {@link #parse(JsonValue)} for callers that read JSON themselves, until the last of them has moved. */
    public static SchedulerConfig parse(JsonNode json) {
        try {
            return parse(JsonFile.parse(JSON.writeValueAsString(json), "scheduler"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same settings with another spacing, in place of any rule for the sigmas.
     *
     * @throws IllegalArgumentException for flow matching
     */
    public SchedulerConfig withSpacing(Spacing other) {
        return new SchedulerConfig(gridSettings.withSpacing(other), prediction, x0Limit, solver);
    }

    /**
     * The same settings with a rule for the noise ratios, in place of the spacing.
     *
     * @throws IllegalArgumentException for flow matching
     */
    public SchedulerConfig withSigmas(SigmaRule sigmas) {
        return new SchedulerConfig(gridSettings.withSigmas(sigmas), prediction, x0Limit, solver);
    }

    /**
     * The grid of a number of steps.
     *
     * @param steps 1 or more; no more than the training steps where these are spaced
     * @throws IllegalArgumentException naming the value and its range; also if the offset is too large for that many
     *                                  leading steps
     */
    public TimeGrid grid(int steps) {
        return gridSettings.grid(steps);
    }
}
