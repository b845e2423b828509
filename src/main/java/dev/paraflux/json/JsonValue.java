package dev.paraflux.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paraflux.check.IllegalValueException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value in a JSON file, that knows where it stands: every error is an {@link IllegalValueException} that names the file,
 * the key from the root on, the value, and what is legal. Immutable.
 */
public final class JsonValue {
    private final String file;
    private final String key;
    private final JsonNode node;

    /**
     * @param file for messages
     * @param key  from the root, like {@code steps[3].rank}; empty for the root itself
     * @param node missing, if there is no such key
     */
    JsonValue(String file, String key, JsonNode node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /** The value of a key of this object; {@linkplain #isPresent absent}, if there is no such key. */
    public JsonValue get(String name) {
        return new JsonValue(file, key.isEmpty() ? name : key + "." + name, object().path(name));
    }

    /** Whether there is a value here, other than null. */
    public boolean isPresent() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Whether this object has a value under the key, other than null. */
    public boolean has(String name) {
        return object().hasNonNull(name);
    }

    /** The keys of this object, sorted. */
    public Set<String> keys() {
        Set<String> names = new TreeSet<>();
        object().fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * This object, whose keys must all be among these: a misspelt one is not to pass for one that was left out.
     *
     * @throws IllegalValueException with the first key that is not, and the legal one that is nearest to it
     */
    public JsonValue requireKeys(Collection<String> legal) {
        for (String name : keys()) {
            if (!legal.contains(name)) {
                throw get(name).wrong("left out: there is no such key. The nearest is " + Nearest.of(name, legal)
                        + ", legal are " + String.join(", ", legal));
            }
        }
        return this;
    }

    /** This value, which must be an object. */
    public JsonValue requireObject() {
        object();
        return this;
    }

    private JsonNode object() {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return node;
    }

    /** Whether this is a text. */
    public boolean isText() {
        return node.isTextual();
    }

    /** A text. */
    public String text() {
        if (!node.isTextual()) {
            throw wrong("a text");
        }
        return node.textValue();
    }

    /** The value that belongs to one of a few names; the map's order is their order in the message. */
    public <T> T choice(Map<String, T> legal) {
        if (!node.isTextual() || !legal.containsKey(node.textValue())) {
            throw wrong((legal.size() == 1 ? "" : "one of ") + String.join(", ", legal.keySet()));
        }
        return legal.get(node.textValue());
    }

    /** The value of an enum by its name in Java, which is a key of files wherever this is used. */
    public <E extends Enum<E>> E choice(E[] values) {
        Map<String, E> names = new LinkedHashMap<>();
        for (E value : values) {
            names.put(value.name(), value);
        }
        return choice(names);
    }

    /** True or false. */
    public boolean flag() {
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    /** Any whole number of 32 bits. */
    public int integer() {
        return integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** A whole number from {@code least} to {@code most}. */
    public int integer(int least, int most) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw wrong(least == Integer.MIN_VALUE ? "a whole number of 32 bits"
                    : "a whole number, " + least + (most == Integer.MAX_VALUE ? " or more" : " to " + most));
        }
        return node.intValue();
    }

    /** Any whole number of 64 bits. */
    public long longInteger() {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong("a whole number of 64 bits");
        }
        return node.longValue();
    }

    /** Any finite number. */
    public double number() {
        return number(Double::isFinite, "a finite number");
    }

    /** A number in a range. */
    public double number(DoublePredicate legal, String range) {
        if (!node.isNumber() || !legal.test(node.doubleValue())) {
            throw wrong(range);
        }
        return node.doubleValue();
    }

    /** The elements of a list. */
    public List<JsonValue> list() {
        if (!node.isArray()) {
            throw wrong("a list");
        }
        List<JsonValue> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new JsonValue(file, key + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** What is made of each of the elements of a list. */
    public <T> List<T> list(Function<JsonValue, T> each) {
        return list().stream().map(each).toList();
    }

    /** A description, as {@link JsonWriter} writes one. */
    public Description description() {
        return Description.of(requireObject());
    }

    /** The value of a setting of a description. */
    Object setting() {
        if (node.isNumber()) {
            return number();
        }
        if (node.isArray()) {
            return list().stream().map(JsonValue::number).toList();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isObject() ? description() : text();
    }

    /** For the one who writes it. */
    JsonNode node() {
        return node;
    }

    /** Makes something of this object, whose own refusals then name the file and the key as well. */
    public <T> T make(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalValueException e) {
            throw e.place().isEmpty() ? e.named(within(e.name())).in(file) : e;
        }
    }

    private String within(String name) {
        return key + (key.isEmpty() || name.startsWith("[") ? "" : ".") + name;
    }

    /** The refusal of this value. */
    public IllegalValueException wrong(String legal) {
        IllegalValueException refusal = node.isMissingNode() ? IllegalValueException.missing(name(), legal)
                : new IllegalValueException(name(), node.isNumber() ? node.numberValue() : node, legal);
        return refusal.in(file);
    }

    private String name() {
        return key.isEmpty() ? "content" : key;
    }

    /** Whether it is the same value, wherever it was read. */
    @Override
    public boolean equals(Object other) {
        return other instanceof JsonValue value && node.equals(value.node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    /** The value as JSON. */
    @Override
    public String toString() {
        return node.toString();
    }
}
