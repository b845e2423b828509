package dev.paraflux.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * Typed access to the keys of a JSON object. A key that is absent or null takes its default; every error is an
 * IllegalArgumentException that names key, value and what is legal.
 */
final class JsonSettings {
    private final JsonNode object;

    JsonSettings(JsonNode object) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("the scheduler's settings are " + object + ", legal: a JSON object");
        }
        this.object = object;
    }

    boolean has(String key) {
        return object.hasNonNull(key);
    }

    boolean flag(String key, boolean absent) {
        if (has(key) && !object.get(key).isBoolean()) {
            throw wrong(key, "true, false");
        }
        return has(key) ? object.get(key).booleanValue() : absent;
    }

    int integer(String key, int absent, int least, int most) {
        if (!has(key)) {
            return absent;
        }
        JsonNode value = object.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least
                || value.intValue() > most) {
            throw wrong(key, "a whole number from " + least + " to " + most);
        }
        return value.intValue();
    }

    double fraction(String key, double absent) {
        return number(key, absent, value -> value > 0 && value < 1, "a number above 0 and below 1");
    }

    double number(String key, double absent, DoublePredicate legal, String range) {
        if (!has(key)) {
            return absent;
        }
        JsonNode value = object.get(key);
        if (!value.isNumber() || !legal.test(value.doubleValue())) {
            throw wrong(key, range);
        }
        return value.doubleValue();
    }

    Optional<String> text(String key) {
        if (has(key) && !object.get(key).isTextual()) {
            throw wrong(key, "a text");
        }
        return has(key) ? Optional.of(object.get(key).textValue()) : Optional.empty();
    }

    void requireEmpty(String key) {
        if (has(key) && !(object.get(key).isArray() && object.get(key).isEmpty())) {
            throw wrong(key, "[]");
        }
    }

    double[] numbers(String key) {
        JsonNode array = object.get(key);
        double[] values = new double[array.size()];
        if (!array.isArray() || array.isEmpty()) {
            throw wrong(key, "a list of numbers above 0, at most 1");
        }
        for (int i = 0; i < values.length; i++) {
            JsonNode value = array.get(i);
            values[i] = value.doubleValue();
            if (!value.isNumber() || !(values[i] > 0 && values[i] <= 1)) {
                throw new IllegalArgumentException(
                        key + "[" + i + "] is " + value + ", legal: a number above 0, at most 1");
            }
        }
        return values;
    }

    /** The value that belongs to one of a few names; the map's order is the order of the names in the message. */
    <T> T choice(String key, String absent, Map<String, T> legal) {
        String name = has(key) ? object.get(key).textValue() : absent;
        if (name == null || !legal.containsKey(name)) {
            throw wrong(key, String.join(", ", legal.keySet()));
        }
        return legal.get(name);
    }

    private IllegalArgumentException wrong(String key, String legal) {
        return new IllegalArgumentException(key + " is " + object.get(key) + ", legal: " + legal);
    }
}
