package dev.paraflux.schedule;

import dev.paraflux.check.Require;
import dev.paraflux.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;

/** The keys of a JSON object, where one that is absent or null takes its default. */
final class JsonSettings {
    private static final String BETA = "a number above 0, at most 1";

    private final JsonValue object;

    JsonSettings(JsonValue object) {
        this.object = object.requireObject();
    }

    boolean has(String key) {
        return object.has(key);
    }

    boolean flag(String key, boolean absent) {
        return has(key) ? object.get(key).flag() : absent;
    }

    int integer(String key, int absent, int least, int most) {
        return has(key) ? object.get(key).integer(least, most) : absent;
    }

    double fraction(String key, double absent) {
        return number(key, absent, value -> value > 0 && value < 1, "a number above 0 and below 1");
    }

    double number(String key, double absent, DoublePredicate legal, String range) {
        return has(key) ? object.get(key).number(legal, range) : absent;
    }

    Optional<String> text(String key) {
        return has(key) ? Optional.of(object.get(key).text()) : Optional.empty();
    }

    void requireEmpty(String key) {
        if (has(key) && !object.get(key).list().isEmpty()) {
            throw object.get(key).wrong("[]");
        }
    }

    double[] numbers(String key) {
        List<JsonValue> list = object.get(key).list();
        Require.that(!list.isEmpty(), key, object.get(key), "a list of numbers above 0, at most 1");
        return list.stream().mapToDouble(value -> value.number(beta -> beta > 0 && beta <= 1, BETA)).toArray();
    }

    /** The value that belongs to one of a few names; the map's order is the order of the names in the message. */
    <T> T choice(String key, String absent, Map<String, T> legal) {
        return has(key) || !legal.containsKey(absent) ? object.get(key).choice(legal) : legal.get(absent);
    }
}
