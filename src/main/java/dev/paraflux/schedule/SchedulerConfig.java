package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model was trained with and which steps to take: the {@code scheduler_config.json} of diffusers. Read one to
 * sample a model as its author meant it. Grid, start scale, solver and the limit of x0 follow from it together:
 * {@link #grid}, {@code dev.paraflux.solver.SchedulerSolver} for the solver and for what goes around the model.
 *
 * <p>A file is honoured as diffusers honours it, to 1e-4 of its sample, or refused by the name of the key or the class.
 * {@code _class_name} owns the keys: {@link SchedulerClass} lists them, and a key of another class that was left in the
 * file is not read. {@link #as} is diffusers' {@code X.from_config}: the same file as one of another class.
 *
 * <p>A file without a class is on the project's own terms: the keys of DDIM, every step goes to the next time of the
 * grid, rules for the sigmas give times between training steps, and x0 is clipped only where the file says so, eps
 * following it. Immutable.
 */
public final class SchedulerConfig {
    private final JsonValue file;
    /** What was set beside the file, for whatever class. */
    private final Map<String, Object> set;
    private final SchedulerSettings settings;
    private final GridSettings gridSettings;
    private final X0Limit x0Limit;

    private SchedulerConfig(JsonValue file, SchedulerClass scheduler, Map<String, Object> set) {
        this.file = file;
        this.set = set;
        SchedulerSettings read = SchedulerSettings.read(file, scheduler);
        for (Map.Entry<String, Object> one : set.entrySet()) {
            read = read.with(one.getKey(), one.getValue());
        }
        settings = read;
        SchedulerGrids.checkCustom(settings, set);
        gridSettings = file.make(() -> SchedulerGrids.of(settings, set));
        x0Limit = file.make(settings::x0Limit);
    }

    /**
     * Of a noise schedule, without a file and without a class.
     *
     * @throws IllegalValueException if the offset is not 0 to T - 1
     */
    public SchedulerConfig(NoiseSchedule schedule, Prediction prediction, Spacing spacing, int stepsOffset,
            FinalAlpha finalAlpha) {
        this(JsonFile.of(Map.of(), "scheduler"), SchedulerClass.OWN,
                Map.of(SchedulerGrids.SCHEDULE, schedule, "prediction_type", SchedulerSettings.word(prediction),
                        "timestep_spacing", spacing.word(), "steps_offset", stepsOffset, "set_alpha_to_one",
                        finalAlpha == FinalAlpha.ONE));
    }

    /**
     * Reads a file.
     *
     * @throws IOException           with the path, if it cannot be read or is not JSON
     * @throws IllegalValueException with the path, key, value and what is legal
     */
    public static SchedulerConfig read(Path path) throws IOException {
        return parse(JsonFile.read(path));
    }

    /**
     * Reads a file as one of another class, whatever its own is: {@link #as} of a file whose class may be unknown here.
     *
     * @param keys what is set, whatever the file says; see {@link #with}
     * @throws IOException           with the path, if it cannot be read or is not JSON
     * @throws IllegalValueException with the path, key, value and what is legal
     */
    public static SchedulerConfig read(Path path, SchedulerClass scheduler, Map<String, Object> keys)
            throws IOException {
        return new SchedulerConfig(JsonFile.read(path).requireObject(), scheduler, keys);
    }

    /**
     * Reads an object that is part of another file, such as a model's card.
     *
     * @throws IllegalValueException with key, value and what is legal
     */
    public static SchedulerConfig parse(JsonValue json) {
        return new SchedulerConfig(json.requireObject(), SchedulerClass.of(json), Map.of());
    }

    /** Whose settings these are. */
    public SchedulerClass scheduler() {
        return settings.scheduler();
    }

    /** The keys of the class and their values. */
    public SchedulerSettings settings() {
        return settings;
    }

    /**
     * The same file as one of another class, as diffusers' {@code X.from_config} makes it: with that class's grid, last
     * level and start scale, of this file's noise schedule.
     *
     * @throws IllegalValueException if the class refuses a key of the file
     */
    public SchedulerConfig as(SchedulerClass other) {
        return other == scheduler() ? this : new SchedulerConfig(file, other, set);
    }

    /**
     * The same with another value of a key; the same where the class does not have the key.
     *
     * @param value a Boolean, Integer, Double or String, as the key has it; null for what the file says
     */
    public SchedulerConfig with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(set);
        more.put(key, value);
        more.values().removeIf(Objects::isNull);
        return new SchedulerConfig(file, scheduler(), more);
    }

    /**
     * The same settings with another spacing, in place of any rule for the sigmas.
     *
     * @throws IllegalValueException for a class that has no spacing
     */
    public SchedulerConfig withSpacing(Spacing other) {
        if (!scheduler().has("timestep_spacing")) {
            throw new IllegalValueException("spacing", other, "left out with " + scheduler().className()
                    + ", which has no timestep_spacing");
        }
        return withRule("").with("timestep_spacing", other.word());
    }

    /**
     * The same settings with a rule for the noise ratios, in place of the spacing and of custom steps: as if the file had asked
     * for it. A class of training steps that has no such rule is given the project's own, {@link TrainedGrid}.
     *
     * @throws IllegalValueException for a class that has no training steps
     */
    public SchedulerConfig withSigmas(SigmaRule sigmas) {
        SchedulerConfig spaced = with(SchedulerGrids.CUSTOM, null);
        if (scheduler().has(sigmas.key())) {
            return spaced.withRule(sigmas.key());
        }
        if (!scheduler().has("beta_schedule")) {
            throw new IllegalValueException("sigmas", sigmas, "left out with " + scheduler().className()
                    + ", which has no training steps");
        }
        return spaced.with(SchedulerGrids.OWN_RULE, sigmas);
    }

    /**
     * The same file on the project's own terms, as one without a class: every step goes to the next time of the grid, times
     * lie between training steps where a rule says so, and eps follows where x0 is clipped. Of flow matching, taus in equal
     * distances down to 0, shifted once.
     *
     * @throws IllegalValueException for a class that has no training steps and is not of flow matching
     */
    public SchedulerConfig onOwnTerms() {
        if (scheduler().isFlow()) {
            return with(SchedulerGrids.OWN_TERMS, true);
        }
        if (!scheduler().has("beta_schedule")) {
            throw new IllegalValueException(SchedulerClass.KEY, scheduler().className(),
                    "one with training steps, to be taken on the project's own terms");
        }
        SchedulerConfig own = as(SchedulerClass.OWN);
        return scheduler().has("timestep_spacing")
                ? own.with("timestep_spacing", settings.word("timestep_spacing")) : own;
    }

    private SchedulerConfig withRule(String rule) {
        SchedulerConfig changed = this;
        for (String key : SchedulerGrids.RULES) {
            changed = scheduler().has(key) ? changed.with(key, key.equals(rule)) : changed;
        }
        return changed;
    }

    /**
     * The same for a sample of so many tokens: what {@code use_dynamic_shifting} shifts its times by. Flux and its kin
     * count latents of 2 by 2.
     *
     * @param length 1 or more
     */
    public SchedulerConfig withSequenceLength(int length) {
        Require.atLeast(1, "sequence length", length);
        return with(SchedulerGrids.LENGTH, length);
    }

    /** Whether times are shifted by the length of the sequence. */
    public boolean shiftsByLength() {
        return settings.flag("use_dynamic_shifting");
    }

    /** Whether a length must be told before there are grids. */
    public boolean needsSequenceLength() {
        return shiftsByLength() && !set.containsKey(SchedulerGrids.LENGTH);
    }

    /**
     * The same with taus from elsewhere. By default a file that shifts by the length of the sequence, or that knows of such a
     * shift and has none (Flux), is given them by the pipeline.
     *
     * @throws IllegalValueException for a class that is not of flow matching
     */
    public SchedulerConfig withFlowSigmas(FlowSigmas from) {
        if (!scheduler().has("use_dynamic_shifting") || !scheduler().isFlow()) {
            throw new IllegalValueException("flowSigmas", from, "left out, but for "
                    + SchedulerClass.FLOW_EULER.className() + " and " + SchedulerClass.FLOW_LCM.className());
        }
        return with(SchedulerGrids.FLOW_SIGMAS, from);
    }

    /** Where taus are from, if {@link #withFlowSigmas} has said so. */
    public Optional<FlowSigmas> flowSigmas() {
        return Optional.ofNullable((FlowSigmas) set.get(SchedulerGrids.FLOW_SIGMAS));
    }

    /**
     * The same with times or sigmas of one's own: its grids are of {@link #customSteps} steps, which go from each value to the
     * next. The start noise goes by the spacing, and flow matching shifts its sigmas, as without.
     *
     * @throws IllegalValueException for another class, for values outside, and naming a key that says where steps lie
     */
    public SchedulerConfig withSteps(CustomSteps steps) {
        return with(SchedulerGrids.CUSTOM, Objects.requireNonNull(steps, "steps"));
    }

    /** How many steps there are, where they are one's own. */
    public OptionalInt customSteps() {
        return SchedulerGrids.customSteps(scheduler(), set);
    }

    /** How grids are made. */
    public GridSettings gridSettings() {
        return gridSettings;
    }

    /** What the model's output means. */
    public Prediction prediction() {
        return settings.prediction();
    }

    /** The range of the predicted sample; for the guided prediction, where there is guidance. */
    public X0Limit x0Limit() {
        return x0Limit;
    }

    /**
     * The grid of a number of steps.
     *
     * @param steps 1 or more; no more than the training steps where these are spaced; {@link #customSteps} if there are any
     * @throws IllegalValueException naming the value and its range, or an offset too large for so many leading steps
     */
    public TimeGrid grid(int steps) {
        return gridSettings.grid(steps);
    }

    /** The class and all its keys with their values, null left out: a file of these is the same settings but for custom steps. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (scheduler() != SchedulerClass.OWN) {
            map.put(SchedulerClass.KEY, scheduler().className());
        }
        map.putAll(settings.told());
        if (scheduler().has("trained_betas") && set.get(SchedulerGrids.SCHEDULE) instanceof NoiseSchedule schedule) {
            map.put("trained_betas", schedule.betas());
            map.put("num_train_timesteps", schedule.trainingSteps());
        }
        return map;
    }

    /** The same settings as the content of a file: the one that was read, where nothing was set beside it. */
    public JsonValue json() {
        return set.isEmpty() && SchedulerClass.named(file).filter(one -> one == scheduler()).isPresent() ? file
                : JsonFile.of(toMap(), "scheduler");
    }

    /** Those of the same class with the same values are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SchedulerConfig config && settings.equals(config.settings)
                && set.equals(config.set);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    @Override
    public String toString() {
        return "SchedulerConfig[" + settings + "]";
    }
}
