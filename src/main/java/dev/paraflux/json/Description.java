package dev.paraflux.json;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What something is, as values and not as words: a kind, and the settings that it has. For whatever has to be told apart
 * and written to a file: solvers, models and what is around them, conditions. Two are the same where their values are.
 * Immutable.
 *
 * <pre>{@code Description.of("guidance").with("weight", 2)}</pre>
 *
 * is written as {@code {"kind": "guidance", "weight": 2}}. A setting that is not in use is left out.
 *
 * @param kind     what it is: letters, digits and {@code . _ + $ -}, since files keep it
 * @param settings by name, which is such a word as well, other than {@code kind}: each a text, a finite {@link Double}, a
 *                 {@link Boolean}, a {@code List<Double>} of finite numbers, or another description
 */
public record Description(String kind, SortedMap<String, Object> settings) {
    private static final String KIND = "kind";
    private static final Pattern WORD = Pattern.compile("[\\w.+$-]+");
    /** As much of a digest as tells two apart for a reader. */
    private static final int SHOWN_DIGITS = 12;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** Copies the settings, and checks names and values. */
    public Description {
        requireWord(KIND, kind);
        SortedMap<String, Object> copy = new TreeMap<>();
        settings.forEach((name, value) -> {
            requireWord("name of a setting of " + kind, name);
            Require.that(!name.equals(KIND), "name of a setting of " + kind, name, "another word than kind");
            copy.put(name, legal(kind + "." + name, value));
        });
        settings = Collections.unmodifiableSortedMap(copy);
    }

    private static void requireWord(String name, String word) {
        Objects.requireNonNull(word, name);
        Require.that(WORD.matcher(word).matches(), name, word, "a word of letters, digits, and . _ + $ -");
    }

    private static Object legal(String name, Object value) {
        Objects.requireNonNull(value, name);
        if (value instanceof Number number) {
            return Require.finite(name, number.doubleValue());
        }
        if (value instanceof List<?> list) {
            List<Object> numbers = new ArrayList<>();
            for (Object element : list) {
                Require.that(element instanceof Number, name, list, "a list of numbers");
                numbers.add(legal(name, element));
            }
            return List.copyOf(numbers);
        }
        Require.that(value instanceof String || value instanceof Boolean || value instanceof Description, name, value,
                "a text, a number, true or false, a list of numbers, or a description");
        return value;
    }

    /** Of this kind, without settings yet. */
    public static Description of(String kind) {
        return new Description(kind, Collections.emptySortedMap());
    }

    /**
     * The same with one setting more, or with another value of it.
     *
     * @throws IllegalValueException if it is not a value that a setting can have
     */
    public Description with(String name, Object value) {
        SortedMap<String, Object> more = new TreeMap<>(settings);
        more.put(name, value);
        return new Description(kind, more);
    }

    /** A number among the settings; empty if there is no such setting. */
    public OptionalDouble number(String name) {
        return settings.get(name) instanceof Double number ? OptionalDouble.of(number) : OptionalDouble.empty();
    }

    /** What is written as JSON: {@code kind} first, then the settings in the order of their names. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(KIND, kind);
        settings.forEach((name, value) -> map.put(name, written(value)));
        return map;
    }

    private static Object written(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Description::written).toList();
        }
        return value instanceof Double number ? plain(number) : value;
    }

    static Description of(JsonValue object) {
        SortedMap<String, Object> settings = new TreeMap<>();
        for (String name : object.keys()) {
            if (!name.equals(KIND)) {
                settings.put(name, object.get(name).setting());
            }
        }
        String kind = object.get(KIND).text();
        return object.make(() -> new Description(kind, settings));
    }

    /** In words, for messages: the kind, and the settings in parentheses. Nothing reads it. */
    @Override
    public String toString() {
        if (settings.isEmpty()) {
            return kind;
        }
        List<String> words = new ArrayList<>();
        settings.forEach((name, value) -> words.add(name + " " + words(value)));
        return kind + " (" + String.join(", ", words) + ")";
    }

    private static String words(Object value) {
        if (value instanceof Double number) {
            return String.valueOf(plain(number));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Description::words).toList().toString();
        }
        String text = value.toString();
        return DIGEST.matcher(text).matches() ? text.substring(0, SHOWN_DIGITS) + "..." : text;
    }

    /** 2 for 2.0: what was a whole number is written as one. */
    private static Number plain(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        boolean negativeZero = number == 0 && 1 / number < 0;
        if (whole && !negativeZero) {
            return (long) number;
        }
        return number;
    }
}
