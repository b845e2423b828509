package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        List<String> names = names(x, t, inputs);
        Require.that(names.stream().distinct().count() == names.size(), "inputs", names,
                "names of which none stands there twice");
        for (ModelInput input : inputs) {
            Require.that(!input.joined() || input.shape().size() == shape.size()
                    && input.shape().subList(1, shape.size()).equals(shape.subList(1, shape.size())),
                    "shape of joined input " + input.name(), input.shape(),
                    "that of x, " + shape + ", but for the first size");
        }
        Require.finite("defaultGuidance", defaultGuidance);
    }

    /**
     * The card that lies beside a model file.
     *
     * @throws IllegalArgumentException if it is the root of all folders, which has no name
     */
    public static Path beside(Path model) {
        if (model.getFileName() == null) {
            throw new IllegalValueException("model", model.toString(), "a file");
        }
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
    public int dim() {
        return shape.stream().reduce(1, (all, size) -> all * size);
    }

    /** Number of classes, if a label is all that the model takes besides x and t; else 0. */
    public int labels() {
        return inputs.size() == 1 ? inputs.get(0).classes() : 0;
    }

    /** The input that {@code Condition.Label} stands for, if there is one. */
    public Optional<ModelInput> label() {
        return inputs.stream().filter(ModelInput::isLabel).findFirst();
    }

    /** What the model takes as inputs beside x and t, in its order. */
    public List<ModelInput> unjoined() {
        return inputs.stream().filter(input -> !input.joined()).toList();
    }

    /** What the model takes as more channels of x, in their order. */
    public List<ModelInput> joined() {
        return inputs.stream().filter(ModelInput::joined).toList();
    }

    /**
     * Refuses a card with joined inputs, for a backend that does not join them.
     *
     * @throws IllegalValueException naming them
     */
    public void requireNoneJoined(String backend) {
        if (!joined().isEmpty()) {
            throw new IllegalValueException("joined inputs", joined().stream().map(ModelInput::name).toList(),
                    "left out for a model of " + backend + ": export it as ONNX, or take them as inputs of its own");
        }
    }

    /** The shape of x as the model takes it: the sample's, with more channels where inputs are joined to it. */
    public List<Integer> shapeOfX() {
        List<Integer> all = new ArrayList<>(shape);
        joined().forEach(input -> all.set(0, all.get(0) + input.shape().get(0)));
        return all;
    }

    /** The names of all inputs, those of x and t first: the order of a model that knows no names. */
    public List<String> inputNames() {
        return names(x, t, inputs);
    }

    private static List<String> names(String x, String t, List<ModelInput> inputs) {
        return Stream.concat(Stream.of(x, t), inputs.stream().map(ModelInput::name)).toList();
    }
}
