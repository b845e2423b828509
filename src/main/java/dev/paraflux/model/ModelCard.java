package dev.paraflux.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.paraflux.check.Require;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** Checks the numbers, and copies the lists. */
    public ModelCard {
        Objects.requireNonNull(name, "name");
        shape = List.copyOf(shape);
        Require.length(3, "shape", shape.size());
        Shapes.dim("shape", sizes(shape));
        Objects.requireNonNull(input, "input");
        embedding = List.copyOf(embedding);
        Require.length(input == Input.EMBEDDING ? 2 : 0, "embedding", embedding.size());
        if (input == Input.EMBEDDING) {
            Shapes.dim("embedding", sizes(embedding));
        }
        if (input == Input.LABEL) {
            Require.atLeast(1, "labels", labels);
            Require.atLeast(NO_NULL_LABEL, "nullLabel", nullLabel);
        } else {
            Require.that(labels == 0, "labels", labels, "0 for a module that takes no label");
            Require.that(nullLabel == NO_NULL_LABEL, "nullLabel", nullLabel,
                    "absent (" + NO_NULL_LABEL + ") for a module that takes no label");
        }
        Require.finite("defaultGuidance", defaultGuidance);
        Objects.requireNonNull(scheduler, "scheduler");
    }

    private static int[] sizes(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Values in a sample. */
    int dim() {
        return shape.get(0) * shape.get(1) * shape.get(2);
    }

    /** Reads the -Infinity that diffusers writes into a scheduler's settings, too. */
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /** The forms of module: {@code forward(x, t)}, {@code forward(x, t, label)}, {@code forward(x, t, embedding)}. */
    public enum Input {
        NONE, LABEL, EMBEDDING
    }

    /** The card that lies beside a model file. */
    public static Path beside(Path model) {
        String file = model.getFileName().toString();
        int dot = file.lastIndexOf('.');
        return model.resolveSibling((dot < 0 ? file : file.substring(0, dot)) + ".json");
    }

    /**
     * Reads a card.
     *
     * @throws IOException              if the file cannot be read or is not JSON
     * @throws IllegalArgumentException if a value is missing or illegal; the message names it
     */
    public static ModelCard read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("the model's card " + file + " does not exist: it lies beside the model and tells"
                    + " its shape, inputs and schedule");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    static ModelCard read(InputStream in, String file) throws IOException {
        try {
            return new Reader(JSON.readTree(in), file).card();
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private record Reader(JsonNode json, String file) {
        ModelCard card() {
            int format = integer("format", -1);
            if (format != 1) {
                throw illegal("format", format, "1");
            }
            Input input = input();
            int labels = input == Input.LABEL ? integer("labels", -1) : 0;
            if (input == Input.LABEL && labels < 1) {
                throw illegal("labels", labels, "1 or more, for a module that takes a label");
            }
            List<Integer> embedding = input == Input.EMBEDDING ? sizes("embedding", 2) : List.of();
            int nullLabel = integer("nullLabel", NO_NULL_LABEL);
            if (nullLabel < NO_NULL_LABEL) {
                throw illegal("nullLabel", nullLabel, "0 or more, or absent");
            }
            if (!json.path("scheduler").isObject()) {
                throw illegal("scheduler", json.path("scheduler"), "an object with the keys of scheduler_config.json");
            }
            return new ModelCard(json.path("name").asText("model"), sizes("shape", 3), input, labels,
                    nullLabel, embedding, guidance(), scheduler());
        }

        private double guidance() {
            JsonNode value = json.path("defaultGuidance");
            if (!value.isMissingNode() && !(value.isNumber() && Double.isFinite(value.doubleValue()))) {
                throw illegal("defaultGuidance", value, "a finite number");
            }
            return value.asDouble(1);
        }

        private SchedulerConfig scheduler() {
            try {
                return SchedulerConfig.parse(json.path("scheduler"));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
            }
        }

        private Input input() {
            List<String> names = new ArrayList<>();
            json.path("inputs").forEach(name -> names.add(name.asText()));
            if (names.equals(List.of("x", "t"))) {
                return Input.NONE;
            }
            if (names.equals(List.of("x", "t", "label"))) {
                return Input.LABEL;
            }
            if (names.equals(List.of("x", "t", "encoder_hidden_states"))) {
                return Input.EMBEDDING;
            }
            throw illegal("inputs", json.path("inputs"),
                    "[x, t], [x, t, label] or [x, t, encoder_hidden_states]");
        }

        private List<Integer> sizes(String key, int count) {
            List<Integer> sizes = new ArrayList<>();
            json.path(key).forEach(size -> sizes.add(size.asInt(0)));
            if (sizes.size() != count || sizes.stream().anyMatch(size -> size < 1)) {
                throw illegal(key, json.path(key), "a list of " + count + " sizes, each 1 or more");
            }
            return List.copyOf(sizes);
        }

        private int integer(String key, int absent) {
            JsonNode value = json.path(key);
            if (value.isMissingNode()) {
                return absent;
            }
            if (!value.isInt()) {
                throw illegal(key, value, "an integer");
            }
            return value.intValue();
        }

        private IllegalArgumentException illegal(String key, Object value, String legal) {
            String found = value instanceof JsonNode node && node.isMissingNode() ? "missing" : value.toString();
            return new IllegalArgumentException(file + ": " + key + " is " + found + ": must be " + legal);
        }
    }
}
