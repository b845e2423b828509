package dev.paraflux.model.torch;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one must know of a model file to use it: the JSON that lies beside {@code NAME.pt} as {@code NAME.json}.
 *
 * @param name            what the model is called
 * @param shape           shape of one sample, [channels, height, width], each 1 or more
 * @param input           what the module takes besides x and t
 * @param labels          number of classes, 1 or more; 0 unless the input is LABEL
 * @param nullLabel       the label that means no condition, 0 or more, or {@link #NO_NULL_LABEL}
 * @param embedding       [tokens, width] if the input is EMBEDDING, each 1 or more, else empty
 * @param defaultGuidance the guidance weight that looks best, finite; 1 if the card does not say
 * @param scheduler       the schedule it was trained with, and how to walk it
 */
public record ModelCard(String name, List<Integer> shape, Input input, int labels, int nullLabel,
        List<Integer> embedding, double defaultGuidance, SchedulerConfig scheduler) {

    /** The null label of a model that has none. */
    public static final int NO_NULL_LABEL = -1;

    private static final Map<List<String>, Input> INPUTS = Map.of(List.of("x", "t"), Input.NONE,
            List.of("x", "t", "label"), Input.LABEL, List.of("x", "t", "encoder_hidden_states"), Input.EMBEDDING);

    /** What a card may say, first what the library reads. */
    private static final List<String> KEYS = List.of("format", "name", "shape", "inputs", "labels", "nullLabel",
            "embedding", "defaultGuidance", "scheduler", "licence", "trained", "notes");

    /** Values in a sample. */
    int dim() {
        return shape.get(0) * shape.get(1) * shape.get(2);
    }

    /** The forms of module: {@code forward(x, t)}, {@code forward(x, t, label)}, {@code forward(x, t, embedding)}. */
    public enum Input {
        NONE, LABEL, EMBEDDING
    }

    /** Checks the values, and copies the lists. */
    public ModelCard {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(input, "inputs");
        Objects.requireNonNull(scheduler, "scheduler");
        shape = sizes("shape", 3, shape);
        if (input == Input.LABEL) {
            Require.that(labels >= 1, "labels", labels, "1 or more, for a module that takes a label");
            Require.that(nullLabel >= NO_NULL_LABEL, "nullLabel", nullLabel, "0 or more, or left out");
        } else {
            Require.that(labels == 0, "labels", labels, "left out for a module that takes no label");
            Require.that(nullLabel == NO_NULL_LABEL, "nullLabel", nullLabel,
                    "left out for a module that takes no label");
        }
        if (input == Input.EMBEDDING) {
            embedding = sizes("embedding", 2, embedding);
        } else {
            Require.that(embedding.isEmpty(), "embedding", embedding, "left out for a module that takes none");
            embedding = List.of();
        }
        Require.finite("defaultGuidance", defaultGuidance);
    }

    private static List<Integer> sizes(String name, int count, List<Integer> sizes) {
        List<Integer> copy = List.copyOf(sizes);
        long values = copy.size() == count ? 1 : 0;
        for (int size : copy) {
            values = size < 1 || values * size > Buffer.MAX_DIM ? 0 : values * size;
        }
        Require.that(values > 0, name, copy,
                "a list of " + count + " sizes, each 1 or more, together at most " + Buffer.MAX_DIM + " values");
        return copy;
    }

    /** The card that lies beside a model file. */
    public static Path beside(Path model) {
        String file = model.getFileName().toString();
        int dot = file.lastIndexOf('.');
        return model.resolveSibling((dot < 0 ? file : file.substring(0, dot)) + ".json");
    }

    /**
     * Reads a card. Keys that mean nothing here are {@code licence}, {@code trained} and {@code notes}; any other that is
     * not known is refused, since it may be one that is misspelt.
     *
     * @throws IOException              if the file cannot be read or is not JSON
     * @throws IllegalArgumentException if a value is missing or illegal; the message names it
     */
    public static ModelCard read(Path file) throws IOException {
        return of(json(file));
    }

    /**
     * The content of a card, for those who need more of it than a {@code ModelCard} holds.
     *
     * @throws IOException if the file cannot be read or is not JSON
     */
    public static JsonValue json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("the model's card " + file + " does not exist: it lies beside the model and tells"
                    + " its shape, inputs and schedule");
        }
        return JsonFile.read(file);
    }

    /**
     * Makes a card of what was read.
     *
     * @throws IllegalArgumentException if a value is missing or illegal; the message names it
     */
    public static ModelCard of(JsonValue json) {
        json.get("format").integer(1, 1);
        json.requireKeys(KEYS);
        Input input = input(json.get("inputs"));
        String name = json.has("name") ? json.get("name").text() : "model";
        int labels = input == Input.LABEL || json.has("labels") ? json.get("labels").integer() : 0;
        int nullLabel = json.has("nullLabel") ? json.get("nullLabel").integer() : NO_NULL_LABEL;
        List<Integer> embedding = input == Input.EMBEDDING || json.has("embedding") ? integers(json.get("embedding"))
                : List.of();
        double guidance = json.has("defaultGuidance") ? json.get("defaultGuidance").number() : 1;
        List<Integer> shape = integers(json.get("shape"));
        SchedulerConfig scheduler = SchedulerConfig.parse(json.get("scheduler"));
        return json.make(() -> new ModelCard(name, shape, input, labels, nullLabel, embedding, guidance, scheduler));
    }

    private static Input input(JsonValue inputs) {
        Input found = INPUTS.get(inputs.list().stream().map(JsonValue::text).toList());
        if (found == null) {
            throw inputs.wrong("[x, t], [x, t, label] or [x, t, encoder_hidden_states]");
        }
        return found;
    }

    private static List<Integer> integers(JsonValue list) {
        return list.list().stream().map(JsonValue::integer).toList();
    }

    /** Refuses conditions that the model does not take, by name. */
    void requireLegal(Condition condition) {
        Objects.requireNonNull(condition, "condition");
        switch (input) {
            case NONE -> {
                if (!(condition instanceof Condition.None)) {
                    throw illegal(condition, "none");
                }
            }
            case LABEL -> requireLegalLabel(condition);
            case EMBEDDING -> {
                int tokens = embedding.get(0);
                int width = embedding.get(1);
                if (!(condition instanceof Condition.Embedding given) || given.tokens() != tokens
                        || given.width() != width) {
                    throw illegal(condition, "an embedding of " + tokens + " x " + width);
                }
            }
        }
    }

    private void requireLegalLabel(Condition condition) {
        if (condition instanceof Condition.None) {
            if (nullLabel == NO_NULL_LABEL) {
                throw new IllegalValueException("condition", "none", legalLabels() + ": its card names no nullLabel");
            }
        } else if (!(condition instanceof Condition.Label label)) {
            throw illegal(condition, legalLabels());
        } else if (label.label() >= labels) {
            throw new IllegalValueException("label", label.label(), "0 to " + (labels - 1) + ", for model " + name);
        }
    }

    private String legalLabels() {
        return "a label, 0 to " + (labels - 1);
    }

    private IllegalValueException illegal(Condition condition, String legal) {
        return new IllegalValueException("condition", condition, legal + ", for model " + name);
    }
}
