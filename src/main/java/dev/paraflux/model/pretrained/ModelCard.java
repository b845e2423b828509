package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.Condition;
import dev.paraflux.model.TensorValue;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What one must know of a model file to use it, whoever runs it: the JSON that lies beside {@code NAME.pt} as
 * {@code NAME.json}.
 *
 * @param name            what the model is called
 * @param shape           shape of one sample, 1 to 4 sizes, each 1 or more: [horizon, actions], [channels, length],
 *                        [channels, height, width], [channels, frames, height, width]
 * @param x               what the model calls its first input, the noisy rows: float32 [batch, shape]
 * @param t               what it calls its second, the training steps: float32 [batch]
 * @param inputs          what it takes besides, in its order
 * @param defaultGuidance the guidance weight that looks best, finite; 1 if the card does not say
 * @param scheduler       the schedule it was trained with, and how to walk it
 */
public record ModelCard(String name, List<Integer> shape, String x, String t, List<ModelInput> inputs,
        double defaultGuidance, SchedulerConfig scheduler) {

    /** Sizes that a sample can have: a picture over time has four. */
    public static final int MOST_SIZES = 4;

    /** Checks the values, and copies the lists. */
    public ModelCard {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(x, "x");
        Objects.requireNonNull(t, "t");
        Objects.requireNonNull(scheduler, "scheduler");
        shape = List.copyOf(shape);
        inputs = List.copyOf(inputs);
        long values = shape.isEmpty() || shape.size() > MOST_SIZES ? 0 : 1;
        for (int size : shape) {
            values = size < 1 || values * size > Buffer.MAX_DIM ? 0 : values * size;
        }
        Require.that(values > 0, "shape", shape, "a list of 1 to " + MOST_SIZES
                + " sizes, each 1 or more, together at most " + Buffer.MAX_DIM + " values");
        List<String> names = Stream.concat(Stream.of(x, t), inputs.stream().map(ModelInput::name)).toList();
        Require.that(names.stream().distinct().count() == names.size(), "inputs", names,
                "names of which none stands there twice");
        Require.finite("defaultGuidance", defaultGuidance);
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
        return CardReader.read(json);
    }

    /** Values in a sample. */
    int dim() {
        return shape.stream().reduce(1, (all, size) -> all * size);
    }

    /** Number of classes, if a label is all that the model takes besides x and t; else 0. */
    public int labels() {
        return inputs.size() == 1 ? inputs.get(0).classes() : 0;
    }

    /** The input that {@code Condition.Label} stands for, if there is one. */
    public Optional<ModelInput> label() {
        return Optional.ofNullable(first(ModelInput::isLabel));
    }

    /** The first input of a kind, or null. */
    private ModelInput first(Predicate<ModelInput> kind) {
        // Asked for every row of a call, so that nothing is made.
        for (int k = 0; k < inputs.size(); k++) {
            if (kind.test(inputs.get(k))) {
                return inputs.get(k);
            }
        }
        return null;
    }

    /** The names of all inputs. */
    List<String> inputNames() {
        return Stream.concat(Stream.of(x, t), inputs.stream().map(ModelInput::name)).toList();
    }

    /**
     * Checks a condition.
     *
     * @throws IllegalArgumentException if the model does not take it; the message names it and what is legal
     */
    void requireLegal(Condition condition) {
        Objects.requireNonNull(condition, "condition");
        if (condition instanceof Condition.Label label) {
            requireLabel(condition, label.label());
        } else if (condition instanceof Condition.Embedding given) {
            ModelInput input = first(ModelInput::isEmbedding);
            if (input == null || !input.shape().equals(List.of(given.tokens(), given.width()))) {
                throw illegal(condition);
            }
        } else if (condition instanceof Condition.Tensors tensors) {
            requireValues(tensors);
        }
        for (int k = 0; k < inputs.size(); k++) {
            ModelInput input = inputs.get(k);
            if (input.nullValue().isEmpty() && !says(condition, input)) {
                throw new IllegalValueException("condition", condition,
                        legal() + ": its card names no null of " + input.name());
            }
        }
    }

    private void requireLabel(Condition condition, int label) {
        ModelInput input = first(ModelInput::isLabel);
        if (input == null) {
            throw illegal(condition);
        }
        if (label >= input.classes()) {
            throw new IllegalValueException("label", label, "0 to " + (input.classes() - 1) + ", for model " + name);
        }
    }

    private void requireValues(Condition.Tensors condition) {
        List<String> names = inputs.stream().map(ModelInput::name).toList();
        for (String given : condition.values().keySet()) {
            Require.that(names.contains(given), "condition", condition, legal());
        }
        for (ModelInput input : inputs) {
            TensorValue value = condition.values().get(input.name());
            if (value != null && (value.isWhole() != (input.type() == ModelInput.Type.INT64)
                    || !input.shape().equals(sizes(value)))) {
                throw new IllegalValueException("condition " + input.name(), value,
                        words(input) + ", for model " + name);
            }
            if (value != null && input.isLabel()) {
                LongBuffer label = LongBuffer.allocate(1);
                value.writeTo(label);
                Require.between(0, Math.max(input.classes() - 1, input.nullValue().orElse(0)), input.name(),
                        label.get(0));
            }
        }
    }

    private static List<Integer> sizes(TensorValue value) {
        return Arrays.stream(value.shape()).boxed().toList();
    }

    /** Whether a legal condition has a value for an input. */
    private boolean says(Condition condition, ModelInput input) {
        return condition instanceof Condition.Label && first(ModelInput::isLabel) == input
                || condition instanceof Condition.Embedding && first(ModelInput::isEmbedding) == input
                || condition instanceof Condition.Tensors tensors && tensors.values().containsKey(input.name());
    }

    /** Writes what a legal condition says of an input, or else its null. */
    void write(ModelInput input, Condition condition, LongBuffer into) {
        if (!says(condition, input)) {
            fill(into, input.nullValue().getAsInt());
        } else if (condition instanceof Condition.Label label) {
            into.put(label.label());
        } else {
            ((Condition.Tensors) condition).values().get(input.name()).writeTo(into);
        }
    }

    private static void fill(LongBuffer into, long value) {
        while (into.hasRemaining()) {
            into.put(value);
        }
    }

    /** Writes what a legal condition says of an input, or else its null. */
    void write(ModelInput input, Condition condition, FloatBuffer into) {
        if (!says(condition, input)) {
            while (into.hasRemaining()) {
                into.put(input.nullValue().getAsInt());
            }
        } else if (condition instanceof Condition.Embedding embedding) {
            embedding.writeTo(into);
        } else {
            ((Condition.Tensors) condition).values().get(input.name()).writeTo(into);
        }
    }

    private IllegalValueException illegal(Condition condition) {
        return new IllegalValueException("condition", condition, legal() + ", for model " + name);
    }

    /** What conditions of it are, in words. */
    private String legal() {
        if (inputs.isEmpty()) {
            return "none";
        }
        if (inputs.size() == 1) {
            return words(inputs.get(0));
        }
        return "tensors of " + String.join(", ", inputs.stream().map(i -> i.name() + " " + words(i)).toList());
    }

    private static String words(ModelInput input) {
        if (input.isLabel()) {
            return "a label, 0 to " + (input.classes() - 1);
        }
        if (input.isEmbedding() && input.name().equals("encoder_hidden_states")) {
            return "an embedding of " + input.shape().get(0) + " x " + input.shape().get(1);
        }
        return (input.type() == ModelInput.Type.INT64 ? "int64 " : "float32 ") + input.shape();
    }
}
