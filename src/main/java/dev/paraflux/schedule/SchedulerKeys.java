package dev.paraflux.schedule;

import static dev.paraflux.schedule.SchedulerKey.all;
import static dev.paraflux.schedule.SchedulerKey.beta;
import static dev.paraflux.schedule.SchedulerKey.betas;
import static dev.paraflux.schedule.SchedulerKey.flag;
import static dev.paraflux.schedule.SchedulerKey.ignored;
import static dev.paraflux.schedule.SchedulerKey.indices;
import static dev.paraflux.schedule.SchedulerKey.integer;
import static dev.paraflux.schedule.SchedulerKey.none;
import static dev.paraflux.schedule.SchedulerKey.notLike;
import static dev.paraflux.schedule.SchedulerKey.number;
import static dev.paraflux.schedule.SchedulerKey.only;
import static dev.paraflux.schedule.SchedulerKey.positive;
import static dev.paraflux.schedule.SchedulerKey.steps;
import static dev.paraflux.schedule.SchedulerKey.word;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The keys of the classes of diffusers 0.40: what each class has in its constructor, and what it reads besides. */
final class SchedulerKeys {
    private static final double DDPM_START = 1e-4;
    private static final double DDPM_END = 0.02;
    private static final double LATENT_START = 0.00085;
    private static final double LATENT_END = 0.012;

    private static final Map<String, String> AS_MULTISTEP = Map.of("logrho", "midpoint", "bh1", "midpoint", "bh2",
            "midpoint");

    private SchedulerKeys() {}

    static final List<SchedulerKey> DDIM = all(ddimKeys(flag("clip_sample", true)),
            List.of(flag("set_alpha_to_one", true)));

    /** Without a class nothing is clipped unless the file says so, and the grid may have any rule for its sigmas. */
    static final List<SchedulerKey> OWN = all(trained(DDPM_START, DDPM_END, "linear", "sigmoid"),
            List.of(prediction("epsilon", "sample", "v_prediction", "flow_prediction"), flag("clip_sample", false),
                    positive("clip_sample_range", 1.0), flag("set_alpha_to_one", true),
                    flag("use_karras_sigmas", false), flag("use_exponential_sigmas", false),
                    flag("use_lu_lambdas", false), flag("use_beta_sigmas", false),
                    only("use_flow_sigmas", false, false), only("predict_epsilon", true, true),
                    word("timestep_type", "discrete")),
            thresholding(), spacing("leading"), List.of(flag("rescale_betas_zero_snr", false)));

    static final List<SchedulerKey> DDPM = all(ddimKeys(flag("clip_sample", true)), List.of(
            word("variance_type", "fixed_small", "fixed_small_log", "fixed_large")));

    static final List<SchedulerKey> PNDM = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(prediction("epsilon", "v_prediction"), flag("skip_prk_steps", false),
                    flag("set_alpha_to_one", false)),
            spacing("leading"));

    static final List<SchedulerKey> EULER = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(prediction("epsilon", "sample", "v_prediction"), word("interpolation_type", "linear", "log_linear"),
                    word("timestep_type", "discrete", "continuous"), flag("rescale_betas_zero_snr", false),
                    word("final_sigmas_type", "zero", "sigma_min")),
            karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> EULER_ANCESTRAL = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(prediction("epsilon", "v_prediction"), flag("rescale_betas_zero_snr", false)), spacing("linspace"));

    static final List<SchedulerKey> HEUN = all(trained(LATENT_START, LATENT_END, "linear"),
            List.of(prediction("epsilon", "sample", "v_prediction"), flag("clip_sample", false),
                    positive("clip_sample_range", 1.0)),
            karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> LMS = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(prediction("epsilon", "sample", "v_prediction")), karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> KDPM2 = all(trained(LATENT_START, LATENT_END, "linear"),
            List.of(prediction("epsilon", "v_prediction")), karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> DPM_MULTISTEP = all(trained(DDPM_START, DDPM_END, "linear"), dpm(),
            List.of(word("algorithm_type", "dpmsolver++",
                    List.of("dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver"),
                    Map.of("deis", "dpmsolver++")),
                    flag("lower_order_final", true), flag("euler_at_final", false),
                    flag("use_lu_lambdas", false), flag("rescale_betas_zero_snr", false)),
            karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> DPM_SINGLESTEP = all(trained(DDPM_START, DDPM_END, "linear"), dpm(),
            List.of(word("algorithm_type", "dpmsolver++", List.of("dpmsolver++", "dpmsolver", "sde-dpmsolver++"),
                    Map.of("deis", "dpmsolver++")), flag("lower_order_final", false)),
            karras(), sigmaRange());

    static final List<SchedulerKey> UNIPC = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(integer("solver_order", 2, 1, 3),
                    prediction("epsilon", "sample", "v_prediction", "flow_prediction"), flag("predict_x0", true),
                    word("solver_type", "bh2", List.of("bh2", "bh1"),
                            Map.of("midpoint", "bh2", "heun", "bh2", "logrho", "bh2")),
                    flag("lower_order_final", true), indices("disable_corrector"), none("solver_p"),
                    word("final_sigmas_type", "zero", "sigma_min"), flag("rescale_betas_zero_snr", false),
                    number("shift_terminal", null, value -> value > 0 && value < 1,
                            "a number above 0 and below 1, or null")),
            thresholding(), flow(), karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> DEIS = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(integer("solver_order", 2, 1, 3),
                    prediction("epsilon", "sample", "v_prediction", "flow_prediction"),
                    word("algorithm_type", "deis", List.of("deis"), Map.of("dpmsolver", "deis", "dpmsolver++", "deis")),
                    word("solver_type", "logrho", List.of("logrho"),
                            Map.of("midpoint", "logrho", "heun", "logrho", "bh1",
                                    "logrho", "bh2", "logrho")),
                    flag("lower_order_final", true)),
            thresholding(), flow(), karras(), sigmaRange(), spacing("linspace"));

    static final List<SchedulerKey> SA = all(trained(DDPM_START, DDPM_END, "linear"),
            List.of(integer("predictor_order", 2, 1, 3), integer("corrector_order", 2, 1, 4), none("tau_func"),
                    prediction("epsilon", "sample", "v_prediction", "flow_prediction"),
                    word("algorithm_type", "data_prediction", "noise_prediction"), flag("lower_order_final", true),
                    lambdaMin(), notLike("variance_type", "learned"), flag("use_flow_sigmas", false),
                    positive("flow_shift", 1.0)),
            thresholding(), karras(), spacing("linspace"));

    static final List<SchedulerKey> FLOW_HEUN = List.of(steps("num_train_timesteps", 1000), positive("shift", 1.0));

    private static final List<SchedulerKey> FLOW = all(FLOW_HEUN, lengthShift(), List.of(
            number("shift_terminal", null, value -> value > 0 && value < 1, "a number above 0 and below 1, or null"),
            only("invert_sigmas", false, false)));

    static final List<SchedulerKey> FLOW_EULER = all(FLOW, List.of(flag("stochastic_sampling", false)), karras(),
            sigmaRange());

    static final List<SchedulerKey> FLOW_LCM = all(FLOW, karras(), List.of(none("scale_factors"),
            ignored("upscale_mode")));

    static final List<SchedulerKey> CONSISTENCY = all(trained(LATENT_START, LATENT_END, "scaled_linear"),
            List.of(prediction("epsilon", "sample", "v_prediction"), steps("original_inference_steps", 50),
                    flag("rescale_betas_zero_snr", false), ignored("steps_offset"), ignored("timestep_spacing")));

    static final List<SchedulerKey> LCM = all(CONSISTENCY, List.of(flag("clip_sample", false),
            positive("clip_sample_range", 1.0), ignored("set_alpha_to_one"), positive("timestep_scaling", 10.0)),
            thresholding());

    static final List<SchedulerKey> TCD = all(CONSISTENCY, Stream.of("clip_sample", "clip_sample_range",
            "set_alpha_to_one", "thresholding", "dynamic_thresholding_ratio", "sample_max_value", "timestep_scaling")
            .map(SchedulerKey::ignored).toList());

    static final List<SchedulerKey> COGVIDEOX = all(trained(LATENT_START, LATENT_END, "scaled_linear"),
            List.of(prediction("epsilon", "sample", "v_prediction"), flag("set_alpha_to_one", true),
                    flag("rescale_betas_zero_snr", false), positive("snr_shift_scale", 3.0), ignored("clip_sample"),
                    ignored("clip_sample_range"), ignored("sample_max_value")),
            spacing("leading"));

    static final List<SchedulerKey> EDM_EULER = List.of(positive("sigma_min", 0.002), positive("sigma_max", 80.0),
            positive("sigma_data", 0.5), word("sigma_schedule", "karras", "exponential"),
            ignored("num_train_timesteps"),
            prediction("epsilon", "v_prediction"), positive("rho", 7.0),
            word("final_sigmas_type", "zero", "sigma_min"));

    static final List<SchedulerKey> EDM_DPM = all(EDM_EULER, thresholding(),
            List.of(integer("solver_order", 2, 1, 3),
                    word("algorithm_type", "dpmsolver++", List.of("dpmsolver++", "sde-dpmsolver++"),
                            Map.of("deis", "dpmsolver++")),
                    word("solver_type", "midpoint", List.of("midpoint", "heun"), AS_MULTISTEP),
                    flag("lower_order_final", true), flag("euler_at_final", false)));

    private static List<SchedulerKey> ddimKeys(SchedulerKey clipSample) {
        return all(trained(DDPM_START, DDPM_END, "linear", "sigmoid"),
                List.of(prediction("epsilon", "sample", "v_prediction"), clipSample,
                        positive("clip_sample_range", 1.0)),
                thresholding(), spacing("leading"), List.of(flag("rescale_betas_zero_snr", false)));
    }

    private static List<SchedulerKey> trained(double start, double end, String shape, String... moreShapes) {
        List<String> shapes = new ArrayList<>(List.of("linear", "scaled_linear", "squaredcos_cap_v2"));
        shapes.addAll(Arrays.asList(moreShapes));
        return List.of(steps("num_train_timesteps", 1000), beta("beta_start", start), beta("beta_end", end),
                word("beta_schedule", shape, shapes, Map.of()), betas("trained_betas"));
    }

    private static SchedulerKey prediction(String... legal) {
        return word("prediction_type", legal);
    }

    private static List<SchedulerKey> thresholding() {
        return List.of(flag("thresholding", false),
                number("dynamic_thresholding_ratio", 0.995, value -> value >= 0 && value <= 1, "a number from 0 to 1"),
                positive("sample_max_value", 1.0));
    }

    private static List<SchedulerKey> spacing(String byDefault) {
        return List.of(word("timestep_spacing", byDefault, List.of("leading", "trailing", "linspace"), Map.of()),
                integer("steps_offset", 0, 0, NoiseSchedule.MOST_TRAINING_STEPS));
    }

    private static List<SchedulerKey> karras() {
        return List.of(flag("use_karras_sigmas", false), flag("use_exponential_sigmas", false),
                flag("use_beta_sigmas", false));
    }

    private static List<SchedulerKey> sigmaRange() {
        return List.of(positive("sigma_min", null), positive("sigma_max", null));
    }

    private static List<SchedulerKey> flow() {
        return all(List.of(flag("use_flow_sigmas", false), positive("flow_shift", 1.0)), lengthShift());
    }

    /** Where a class does not have all of them, a pipeline reads them in its file all the same. */
    private static List<SchedulerKey> lengthShift() {
        return List.of(flag("use_dynamic_shifting", false), positive("base_shift", 0.5), positive("max_shift", 1.15),
                steps("base_image_seq_len", 256), steps("max_image_seq_len", 4096),
                word("time_shift_type", "exponential", "linear"));
    }

    private static SchedulerKey lambdaMin() {
        return number("lambda_min_clipped", Double.NEGATIVE_INFINITY,
                value -> !Double.isNaN(value) && value < Double.POSITIVE_INFINITY, "a number, or -Infinity");
    }

    private static List<SchedulerKey> dpm() {
        return all(List.of(integer("solver_order", 2, 1, 3),
                prediction("epsilon", "sample", "v_prediction", "flow_prediction"),
                word("solver_type", "midpoint", List.of("midpoint", "heun"), AS_MULTISTEP),
                word("final_sigmas_type", "zero", "sigma_min"),
                lambdaMin(),
                notLike("variance_type", "learned")), thresholding(), flow());
    }
}
