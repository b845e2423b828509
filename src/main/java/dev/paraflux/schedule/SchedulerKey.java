package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;

/**
 * A key of a scheduler class: its default there, which values are legal, and whether they change anything.
 *
 * @param name      as the file has it
 * @param byDefault what an absent key, or null, stands for; null for nothing
 * @param reader    of a value that is there
 * @param use       what becomes of it
 * @param legal     the legal values in words, for the table of the manual
 */
record SchedulerKey(String name, Object byDefault, Reader reader, Use use, String legal) {
    private static final int MOST_STEPS = NoiseSchedule.MOST_TRAINING_STEPS;

    /** What becomes of a key that a class has. */
    enum Use {
        /** It does what it does in diffusers. */
        HONOURED,
        /** It is read, but changes nothing, as in diffusers. */
        IGNORED,
        /** One value is legal, the one that changes nothing; any other is refused. */
        FIXED
    }

    /** Reads a value, or refuses it with words that end in the class. */
    @FunctionalInterface
    interface Reader {
        Object read(JsonValue value, String withClass);
    }

    /** The value that a file gives, or the default. */
    Object read(JsonValue file, String className) {
        String withClass = className.isEmpty() ? "" : " with " + className;
        JsonValue value = file.get(name);
        if (value.isPresent()) {
            return reader.read(value, withClass);
        }
        // Where the default itself is refused the key must be there.
        return byDefault instanceof Missing ? reader.read(value, withClass) : byDefault;
    }

    /** Stands for a default that cannot be honoured. */
    private record Missing() {}

    static SchedulerKey flag(String name, boolean byDefault) {
        return new SchedulerKey(name, byDefault, SchedulerKey::readFlag, Use.HONOURED, "");
    }

    private static Object readFlag(JsonValue value, String withClass) {
        return value.flag();
    }

    /** A flag of which one value alone is legal. */
    static SchedulerKey only(String name, boolean legal, boolean byDefault) {
        return new SchedulerKey(name, legal == byDefault ? legal : new Missing(), (value, withClass) -> {
            if (!value.isPresent() || value.flag() != legal) {
                throw value.wrong(legal + withClass);
            }
            return legal;
        }, Use.FIXED, String.valueOf(legal));
    }

    /** A key that must be absent or null. */
    static SchedulerKey none(String name) {
        return new SchedulerKey(name, null, (value, withClass) -> {
            throw value.wrong("null" + withClass);
        }, Use.FIXED, "null");
    }

    /** A word of which those that begin in one way are refused, and the others change nothing. */
    static SchedulerKey notLike(String name, String refused) {
        return new SchedulerKey(name, null, (value, withClass) -> {
            if (value.text().startsWith(refused)) {
                throw value.wrong("null" + withClass + ", for a model that predicts no variance");
            }
            return null;
        }, Use.FIXED, "not " + refused + "...");
    }

    /** A list of whole numbers from 0 on. */
    static SchedulerKey indices(String name) {
        return new SchedulerKey(name, Set.of(), (value, withClass) -> {
            Set<Integer> indices = new TreeSet<>();
            for (JsonValue index : value.list()) {
                indices.add(integer(index, 0, MOST_STEPS, withClass));
            }
            return Collections.unmodifiableSet(indices);
        }, Use.HONOURED, "");
    }

    /** A key that the class has and makes nothing of. */
    static SchedulerKey ignored(String name) {
        return new SchedulerKey(name, null, (value, withClass) -> null, Use.IGNORED, "");
    }

    /** One of a few words; the first is the default. */
    static SchedulerKey word(String name, String... legal) {
        return word(name, legal[0], List.of(legal), Map.of());
    }

    /** One of a few words, some of which are read as others, as diffusers reads the names of its other classes. */
    static SchedulerKey word(String name, String byDefault, List<String> legal, Map<String, String> readAs) {
        Map<String, String> words = new LinkedHashMap<>();
        legal.forEach(word -> words.put(word, word));
        readAs.keySet().stream().sorted().forEach(word -> words.put(word, readAs.get(word)));
        return new SchedulerKey(name, byDefault, (value, withClass) -> {
            String word = value.text();
            if (!words.containsKey(word)) {
                throw value.wrong((legal.size() == 1 ? "" : "one of ") + String.join(", ", legal) + withClass);
            }
            return words.get(word);
        }, Use.HONOURED, String.join(", ", legal) + (readAs.isEmpty() ? "" : readAs.entrySet().stream()
                .collect(Collectors.groupingBy(Map.Entry::getValue, TreeMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toCollection(TreeSet::new))))
                .entrySet().stream()
                .map(entry -> "; " + String.join(", ", entry.getValue()) + " read as " + entry.getKey())
                .collect(Collectors.joining())));
    }

    static SchedulerKey integer(String name, Integer byDefault, int least, int most) {
        return new SchedulerKey(name, byDefault, (value, withClass) -> integer(value, least, most, withClass),
                Use.HONOURED, "");
    }

    private static int integer(JsonValue value, int least, int most, String withClass) {
        try {
            return value.integer(least, most);
        } catch (IllegalValueException e) {
            throw value.wrong(e.legal() + withClass);
        }
    }

    /** A number of training steps. */
    static SchedulerKey steps(String name, Integer byDefault) {
        return integer(name, byDefault, 1, MOST_STEPS);
    }

    static SchedulerKey number(String name, Double byDefault, DoublePredicate legal, String range) {
        return new SchedulerKey(name, byDefault, (value, withClass) -> value.number(legal, range + withClass),
                Use.HONOURED, "");
    }

    /** A finite number above 0, or null. */
    static SchedulerKey positive(String name, Double byDefault) {
        return number(name, byDefault, value -> value > 0 && value < Double.POSITIVE_INFINITY, "a number above 0");
    }

    static SchedulerKey beta(String name, double byDefault) {
        return number(name, byDefault, value -> value > 0 && value < 1, "a number above 0 and below 1");
    }

    /** Betas of all training steps, or null. */
    static SchedulerKey betas(String name) {
        String range = "a number above 0, at most 1";
        return new SchedulerKey(name, null, (value, withClass) -> {
            double[] betas = value.list().stream()
                    .mapToDouble(beta -> beta.number(number -> number > 0 && number <= 1, range + withClass)).toArray();
            if (betas.length == 0) {
                throw value.wrong("a list of numbers above 0, at most 1" + withClass);
            }
            return new NoiseScheduleBetas(betas);
        }, Use.HONOURED, "");
    }

    /** The keys of several lists, one after another. */
    @SafeVarargs
    static List<SchedulerKey> all(List<SchedulerKey>... lists) {
        List<SchedulerKey> keys = new ArrayList<>();
        for (List<SchedulerKey> list : lists) {
            keys.addAll(list);
        }
        return List.copyOf(keys);
    }
}
