package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a scheduler class, each with the value that a file gives or else the default of the class. Keys that the
 * class does not have are not here, whatever the file says. Immutable.
 */
public final class SchedulerSettings {
    private static final Map<String, Prediction> PREDICTIONS = Map.of("epsilon", Prediction.EPSILON, "sample",
            Prediction.SAMPLE, "v_prediction", Prediction.VELOCITY, "flow_prediction", Prediction.FLOW);

    private final SchedulerClass scheduler;
    private final Map<String, Object> values;
    private final Map<String, Object> given;

    private SchedulerSettings(SchedulerClass scheduler, Map<String, Object> values, Map<String, Object> given) {
        this.scheduler = scheduler;
        this.values = values;
        this.given = given;
    }

    /**
     * Reads the keys of a class.
     *
     * @throws IllegalValueException naming file, key, value, class and what is legal
     */
    static SchedulerSettings read(JsonValue file, SchedulerClass scheduler) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Object> given = new LinkedHashMap<>();
        for (SchedulerKey key : scheduler.keys()) {
            Object value = key.read(file, scheduler.className());
            values.put(key.name(), value);
            if (file.has(key.name())) {
                given.put(key.name(), value);
            }
        }
        return new SchedulerSettings(scheduler, values, given);
    }

    /** The same with another value of a key; the same if the class does not have it. */
    SchedulerSettings with(String key, Object value) {
        if (!values.containsKey(key)) {
            return this;
        }
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        Map<String, Object> told = new LinkedHashMap<>(given);
        told.put(key, value);
        return new SchedulerSettings(scheduler, changed, told);
    }

    /** Whose keys they are. */
    public SchedulerClass scheduler() {
        return scheduler;
    }

    /** All keys of the class with their values, null where there is none. */
    public Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /** The keys that have a value, as a file would have it. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (value != null) {
                told.put(key, value instanceof NoiseScheduleBetas betas ? betas.values().clone() : value);
            }
        });
        return told;
    }

    /** Whether the file itself names the key. */
    public boolean gives(String key) {
        return given.get(key) != null;
    }

    /** A flag; false if the class does not have the key. */
    public boolean flag(String key) {
        return Boolean.TRUE.equals(values.get(key));
    }

    /** A word, which the class must have. */
    public String word(String key) {
        return (String) values.get(key);
    }

    /** A whole number, which the class must have. */
    public int integer(String key) {
        return (Integer) values.get(key);
    }

    /** A number, which the class must have. */
    public double number(String key) {
        return (Double) values.get(key);
    }

    /** A number that may be absent. */
    public Optional<Double> optional(String key) {
        return Optional.ofNullable((Double) values.get(key));
    }

    /** Whole numbers, which the class must have. */
    @SuppressWarnings("unchecked")
    public Set<Integer> integers(String key) {
        return (Set<Integer>) values.get(key);
    }

    Optional<NoiseScheduleBetas> betas() {
        return Optional.ofNullable((NoiseScheduleBetas) values.get("trained_betas"));
    }

    /** What the model's output means. */
    Prediction prediction() {
        return scheduler.isFlow() ? Prediction.FLOW : PREDICTIONS.get(word("prediction_type"));
    }

    /** The value of {@code prediction_type} that means this. */
    static String word(Prediction prediction) {
        return PREDICTIONS.entrySet().stream().filter(one -> one.getValue() == prediction).findFirst().orElseThrow()
                .getKey();
    }

    /** The range of the predicted sample. Thresholding comes first, and is alone in reading the keys that belong to it. */
    X0Limit x0Limit() {
        if (flag("thresholding")) {
            double most = number("sample_max_value");
            if (most < 1) {
                throw wrong("sample_max_value", "a number from 1 with thresholding");
            }
            return X0Limit.dynamic(number("dynamic_thresholding_ratio"), most);
        }
        return flag("clip_sample") ? X0Limit.at(number("clip_sample_range")) : X0Limit.NONE;
    }

    /** The refusal of a key's value. */
    IllegalValueException wrong(String key, String legal) {
        return new IllegalValueException(key, values.get(key), legal + " with " + owner());
    }

    /** Refuses a key's value, if it is not legal. */
    void require(boolean isLegal, String key, String legal) {
        if (!isLegal) {
            throw wrong(key, legal);
        }
    }

    /** Whose settings these are, in words. */
    String owner() {
        return scheduler == SchedulerClass.OWN ? "a file without a class" : scheduler.className();
    }

    /** Settings of the same class with the same values are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SchedulerSettings settings && scheduler == settings.scheduler
                && values.equals(settings.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return scheduler + values.toString();
    }
}
