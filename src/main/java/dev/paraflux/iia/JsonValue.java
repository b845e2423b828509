package dev.paraflux.iia;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A value in a file, that knows where it stands. It checks types; ranges are up to what is made of it. Every error is
 * an IllegalArgumentException that names the file, the key, the value, and what is legal.
 *
 * @param file for messages
 * @param key  from the root, like {@code steps[3].rank}; empty for the root itself
 * @param node missing, if there is no such key
 */
record JsonValue(String file, String key, JsonNode node) {
    /** As much of a wrong value as a message shows: it may be a whole file. */
    private static final int SHOWN = 60;

    /** The value of a key of an object. */
    JsonValue get(String name) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return new JsonValue(file, key.isEmpty() ? name : key + "." + name, node.path(name));
    }

    String text() {
        if (!node.isTextual()) {
            throw wrong("a text");
        }
        return node.textValue();
    }

    /** One of a few names; the map's order is their order in the message. */
    <T> T choice(Map<String, T> legal) {
        if (!node.isTextual() || !legal.containsKey(node.textValue())) {
            throw wrong("one of " + String.join(", ", legal.keySet()));
        }
        return legal.get(node.textValue());
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    int integer() {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw wrong("a whole number of 32 bits");
        }
        return node.intValue();
    }

    long longInteger() {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong("a whole number of 64 bits");
        }
        return node.longValue();
    }

    double number() {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong("a finite number");
        }
        return node.doubleValue();
    }

    List<JsonValue> list() {
        if (!node.isArray()) {
            throw wrong("a list");
        }
        List<JsonValue> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new JsonValue(file, key + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** Makes something of this object, whose own errors begin with the name of a key. */
    <T> T make(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (Illegal e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new Illegal(file + ": " + (key.isEmpty() ? "" : key + ".") + e.getMessage(), e);
        }
    }

    Illegal wrong(String legal) {
        String found = node.isMissingNode() ? "missing" : node.toString();
        String shown = found.length() <= SHOWN ? found : found.substring(0, SHOWN) + "...";
        return new Illegal(file + (key.isEmpty() ? "" : ": " + key) + " is " + shown + ": must be " + legal, null);
    }

    /** Tells errors that name the file from those that do not yet. */
    static final class Illegal extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Illegal(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
