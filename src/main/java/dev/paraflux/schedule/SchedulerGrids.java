package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The grids that each class of diffusers makes of its keys. */
final class SchedulerGrids {
    /** What can be set beside a file's own keys. */
    static final String OWN_RULE = "own rule for sigmas";
    static final String LENGTH = "sequence length";
    static final String OWN_TERMS = "own terms";
    static final String SCHEDULE = "noise schedule";
    static final String FLOW_SIGMAS = "flow sigmas";
    static final String CUSTOM = "custom steps";

    private static final String KARRAS = "use_karras_sigmas";
    private static final String EXPONENTIAL = "use_exponential_sigmas";
    private static final String BETA = "use_beta_sigmas";
    private static final String LU = "use_lu_lambdas";
    private static final String FLOW = "use_flow_sigmas";
    /** The keys that space sigmas by a rule. */
    static final List<String> RULES = List.of(KARRAS, EXPONENTIAL, BETA, LU);

    private final SchedulerSettings settings;
    private final Map<String, Object> set;
    private final Optional<CustomSteps> custom;
    private final SchedulerNoise noise;

    private SchedulerGrids(SchedulerSettings settings, Map<String, Object> set) {
        this.settings = settings;
        this.set = set;
        custom = Optional.ofNullable((CustomSteps) set.get(CUSTOM));
        noise = new SchedulerNoise(settings, Optional.ofNullable((NoiseSchedule) set.get(SCHEDULE)));
    }

    /**
     * The grids of a class.
     *
     * @throws IllegalValueException naming keys that do not go together
     */
    static GridSettings of(SchedulerSettings settings, Map<String, Object> set) {
        return new SchedulerGrids(settings, set).grid();
    }

    /**
     * Checks custom steps, if there are any, for a class. Their values do not come from its file.
     *
     * @throws IllegalValueException naming the value, or all of them where the class takes none
     */
    static void checkCustom(SchedulerSettings settings, Map<String, Object> set) {
        if (set.get(CUSTOM) instanceof CustomSteps steps) {
            if (set.containsKey(OWN_RULE)) {
                throw new IllegalValueException(steps.kind().toString(), steps,
                        "left out where sigmas are " + set.get(OWN_RULE));
            }
            CustomLegality.check(settings, steps, set.containsKey(OWN_TERMS),
                    new SchedulerGrids(settings, set)::trainingSteps);
        }
    }

    private int trainingSteps() {
        return settings.scheduler().has("beta_schedule") ? noise.schedule().trainingSteps()
                : settings.integer("num_train_timesteps");
    }

    /** How many steps there are, where they are one's own. */
    static OptionalInt customSteps(SchedulerClass scheduler, Map<String, Object> set) {
        return set.get(CUSTOM) instanceof CustomSteps custom
                ? OptionalInt.of(custom.steps(CustomLegality.endIncluded(scheduler, custom.kind())))
                : OptionalInt.empty();
    }

    private GridSettings grid() {
        SchedulerChecks.check(settings);
        custom.ifPresent(steps -> CustomLegality.checkKeys(settings, steps));
        if (set.containsKey(OWN_RULE) && settings.scheduler().has("beta_schedule")
                && !settings.scheduler().has(KARRAS)) {
            return new TrainedGrid(noise.schedule(), Spacing.LEADING, 0, Optional.of((SigmaRule) set.get(OWN_RULE)),
                    finalAlpha());
        }
        return switch (settings.scheduler()) {
            case OWN -> own();
            case DDIM, DDIM_PARALLEL, PNDM -> stepped(noise.schedule(), true);
            case DDPM, DDPM_PARALLEL ->
                custom.isPresent() ? new CustomGrid(noise.schedule(), custom.get(), FinalAlpha.ONE)
                        : stepped(noise.schedule(), false);
            case EULER, EULER_ANCESTRAL, HEUN, LMS, KDPM2, KDPM2_ANCESTRAL -> sigmas();
            case DPM_MULTISTEP, DPM_SINGLESTEP, UNIPC, DEIS, SA -> settings.flag(FLOW) ? flowSigmas() : lambdas();
            case FLOW_EULER, FLOW_HEUN, FLOW_LCM -> shiftedFlow();
            case LCM -> consistency(FinalAlpha.ONE);
            case TCD -> consistency(FinalAlpha.FIRST);
            case COGVIDEOX_DDIM, COGVIDEOX_DPM -> stepped(noise.schedule(), true);
            case EDM_EULER, EDM_DPM -> edm();
        };
    }

    private GridSettings own() {
        return custom.isPresent() ? new CustomGrid(noise.schedule(), custom.get(), finalAlpha())
                : new TrainedGrid(noise.schedule(), spacing(), settings.integer("steps_offset"), rule(), finalAlpha());
    }

    private SteppedGrid stepped(NoiseSchedule schedule, boolean strides) {
        return new SteppedGrid(schedule, spacing(), settings.integer("steps_offset"), finalAlpha(), strides);
    }

    private SigmaGrid sigmas() {
        boolean logTimes = "continuous".equals(settings.word("timestep_type"))
                && settings.word("prediction_type").equals("v_prediction");
        boolean karras = settings.flag(KARRAS);
        boolean rounded = karras && (settings.scheduler() == SchedulerClass.KDPM2
                || settings.scheduler() == SchedulerClass.KDPM2_ANCESTRAL);
        // LMS alone does not look for a range of the file's own there.
        boolean lms = karras && settings.scheduler() == SchedulerClass.LMS;
        return new SigmaGrid(noise.lifted(), spacing(), settings.integer("steps_offset"),
                "log_linear".equals(settings.word("interpolation_type")), rule(), rounded,
                lms ? Optional.empty() : settings.optional("sigma_min"),
                lms ? Optional.empty() : settings.optional("sigma_max"),
                "sigma_min".equals(settings.word("final_sigmas_type")), logTimes, custom);
    }

    private LambdaGrid lambdas() {
        requireNo("flow_prediction", "use_flow_sigmas true");
        settings.require(settings.optional("shift_terminal").isEmpty(), "shift_terminal",
                "null without use_flow_sigmas");
        boolean lu = settings.flag(LU) && !settings.flag(KARRAS);
        boolean rounded = (settings.flag(KARRAS) || lu) && !(settings.scheduler() == SchedulerClass.DPM_MULTISTEP
                && settings.word("beta_schedule").equals("squaredcos_cap_v2"));
        return new LambdaGrid(noise.lifted(), floats(),
                settings.scheduler().has("timestep_spacing") ? spacing() : Spacing.LINSPACE,
                settings.scheduler().has("steps_offset") ? settings.integer("steps_offset") : 0, rule(),
                rounded ? LambdaGrid.Times.ROUNDED : LambdaGrid.Times.CUT_OFF,
                lu ? Optional.empty() : settings.optional("sigma_min"),
                lu ? Optional.empty() : settings.optional("sigma_max"), last(),
                settings.optional("lambda_min_clipped").orElse(Double.NEGATIVE_INFINITY), custom);
    }

    /** Rounded ratios, where it is they that tell: for DEIS, and where the times of a rule are made whole. */
    private double[] floats() {
        boolean tell = settings.scheduler() == SchedulerClass.DEIS || rule().isPresent();
        if (!tell || set.containsKey(SCHEDULE) || settings.betas().isPresent()
                || settings.flag("rescale_betas_zero_snr")
                || settings.integer("num_train_timesteps") < 2) {
            return null;
        }
        int steps = settings.integer("num_train_timesteps");
        double start = settings.number("beta_start");
        double end = settings.number("beta_end");
        return switch (settings.word("beta_schedule")) {
            case "linear" -> FloatSigmas.linear(steps, start, end);
            case "scaled_linear" -> FloatSigmas.scaledLinear(steps, start, end);
            default -> null;
        };
    }

    private LambdaGrid.Last last() {
        if (settings.scheduler() == SchedulerClass.SA) {
            return rule().isPresent() || settings.flag(FLOW) ? LambdaGrid.Last.REPEATED : LambdaGrid.Last.FIRST;
        }
        if (settings.scheduler() == SchedulerClass.DEIS) {
            return LambdaGrid.Last.REPEATED;
        }
        if (settings.word("final_sigmas_type").equals("zero")) {
            return LambdaGrid.Last.ZERO;
        }
        return settings.scheduler() == SchedulerClass.UNIPC ? LambdaGrid.Last.REPEATED : LambdaGrid.Last.FIRST;
    }

    private FlowSigmaGrid flowSigmas() {
        requireNo("v_prediction", "use_flow_sigmas false");
        boolean unipc = settings.scheduler() == SchedulerClass.UNIPC;
        settings.require(!settings.flag(KARRAS) || unipc, KARRAS, "false with use_flow_sigmas");
        settings.require(!settings.flag(EXPONENTIAL), EXPONENTIAL, "false with use_flow_sigmas");
        settings.require(!settings.flag(BETA), BETA, "false with use_flow_sigmas");
        settings.require(!settings.flag(LU), LU, "false with use_flow_sigmas");
        TrainedSigmas trained = new TrainedSigmas(noise.lifted());
        Optional<double[]> karras = settings.flag(KARRAS)
                ? Optional.of(new double[] {settings.optional("sigma_max").orElse(trained.largest()),
                        settings.optional("sigma_min").orElse(trained.smallest())})
                : Optional.empty();
        Optional<ShiftedFlowGrid.Dynamic> dynamic = ShiftedFlowGrid.Dynamic.of(settings);
        settings.require(unipc || dynamic.isEmpty() || dynamic.get().exponential(), "time_shift_type",
                "exponential with use_dynamic_shifting true");
        return new FlowSigmaGrid(settings.integer("num_train_timesteps"), settings.number("flow_shift"), dynamic,
                length(), unipc, karras, settings.optional("shift_terminal"), last(), trained.smallest(), custom);
    }

    private GridSettings consistency(FinalAlpha last) {
        int original = settings.integer("original_inference_steps");
        settings.require(original <= settings.integer("num_train_timesteps"), "original_inference_steps",
                "at most num_train_timesteps, " + settings.integer("num_train_timesteps") + ",");
        return custom.isPresent() ? new CustomGrid(noise.schedule(), custom.get(), last)
                : new ConsistencyGrid(noise.schedule(), original, last);
    }

    private EdmGrid edm() {
        double least = settings.number("sigma_min");
        settings.require(least < settings.number("sigma_max"), "sigma_min",
                "below sigma_max, " + settings.number("sigma_max") + ",");
        return new EdmGrid(least, settings.number("sigma_max"), settings.word("sigma_schedule").equals("karras")
                ? SigmaSpacing.karras(settings.number("rho")) : SigmaSpacing.exponential(),
                settings.word("final_sigmas_type").equals("sigma_min"));
    }

    private GridSettings shiftedFlow() {
        if (set.containsKey(OWN_TERMS)) {
            return new FlowGrid(settings.number("shift"), settings.integer("num_train_timesteps"));
        }
        Optional<ShiftedFlowGrid.Dynamic> dynamic = ShiftedFlowGrid.Dynamic.of(settings);
        // Flux's file knows of the shift by length and has none; its pipeline gives taus of its own, as those that do shift.
        boolean knowsOfLength = settings.gives("base_shift") && settings.gives("max_shift")
                && settings.gives("base_image_seq_len") && settings.gives("max_image_seq_len");
        boolean byDefault = dynamic.isPresent() || knowsOfLength && settings.number("shift") == 1;
        boolean pipeline = set.containsKey(FLOW_SIGMAS) ? set.get(FLOW_SIGMAS) == FlowSigmas.PIPELINE : byDefault;
        settings.require(rule().isEmpty() || settings.optional("sigma_max").orElse(1.0) <= 1, "sigma_max",
                "at most 1 where flow matching takes a rule for its sigmas,");
        return new ShiftedFlowGrid(settings.integer("num_train_timesteps"), settings.number("shift"), dynamic, length(),
                pipeline, settings.optional("shift_terminal"), rule(), settings.optional("sigma_min"),
                settings.optional("sigma_max"), custom);
    }

    private OptionalInt length() {
        return set.containsKey(LENGTH) ? OptionalInt.of((Integer) set.get(LENGTH)) : OptionalInt.empty();
    }

    private void requireNo(String prediction, String other) {
        settings.require(!settings.word("prediction_type").equals(prediction), "prediction_type",
                "another one, or " + other + ",");
    }

    private Spacing spacing() {
        return Spacing.of(settings.word("timestep_spacing"));
    }

    private FinalAlpha finalAlpha() {
        boolean known = settings.scheduler().has("set_alpha_to_one");
        return !known || settings.flag("set_alpha_to_one") ? FinalAlpha.ONE : FinalAlpha.FIRST;
    }

    private Optional<SigmaRule> rule() {
        boolean lu = settings.flag(LU) && settings.scheduler() != SchedulerClass.OWN;
        settings.require(!settings.flag(KARRAS) || !settings.flag(EXPONENTIAL), EXPONENTIAL,
                "false with use_karras_sigmas true");
        if (settings.flag(BETA)) {
            for (String other : List.of(KARRAS, EXPONENTIAL, LU)) {
                settings.require(!settings.flag(other), BETA, "false with " + other + " true");
            }
            return Optional.of(SigmaRule.BETA);
        }
        if (settings.flag(KARRAS)) {
            settings.require(lu || !settings.flag(LU), LU, "false with use_karras_sigmas true");
            return Optional.of(SigmaRule.KARRAS);
        }
        return settings.flag(EXPONENTIAL) || settings.flag(LU) ? Optional.of(SigmaRule.EXPONENTIAL) : Optional.empty();
    }
}
