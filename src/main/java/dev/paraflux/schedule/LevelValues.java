package dev.paraflux.schedule;

import dev.paraflux.json.JsonValue;
import java.util.List;

/** Noise levels in files: {@code [time, alpha, sigma]}. */
public final class LevelValues {
    private LevelValues() {}

    /** A level as a list of numbers. */
    public static List<Object> of(NoiseLevel level) {
        return List.of(level.time(), level.alpha(), level.sigma());
    }

    /** The level that a file has. */
    public static NoiseLevel read(JsonValue level) {
        List<JsonValue> numbers = level.list();
        if (numbers.size() != 3) {
            throw level.wrong("[time, alpha, sigma]");
        }
        return level.make(
                () -> new NoiseLevel(numbers.get(0).number(), numbers.get(1).number(), numbers.get(2).number()));
    }
}
