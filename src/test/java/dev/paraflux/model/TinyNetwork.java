package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.io.Npy;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tiny network of the resources, by whichever backend its files are for: rows of its own times and conditions, and what
 * PyTorch evaluates them to.
 *
 * @param name       of its files
 * @param card       of its files
 * @param states     [rows][dim]
 * @param times      of the rows, training steps
 * @param conditions of the rows, by the names of the inputs; none if there are none
 * @param expected   predictions, [rows][dim]
 */
public record TinyNetwork(String name, ModelCard card, float[][] states, float[] times, List<Condition> conditions,
        float[][] expected) {
    private static final Path FOLDER = Path.of("src/test/resources/dev/paraflux/model/networks");

    /** All of them: rows of 1, 2, 2, 3 and 4 sizes. */
    public static final List<String> NAMES = List.of("vector", "actions", "audio", "picture", "video");

    /** Reads one. */
    public static TinyNetwork of(String name) {
        try {
            ModelCard card = ModelCard.read(FOLDER.resolve(name + ".json"));
            float[][] states = rows(array(name, card.x()));
            List<Map<String, TensorValue>> values = new ArrayList<>();
            for (int row = 0; row < states.length; row++) {
                values.add(new HashMap<>());
            }
            for (ModelInput input : card.inputs()) {
                Npy given = array(name, input.name());
                for (int row = 0; row < states.length; row++) {
                    values.get(row).put(input.name(), value(given, row, input));
                }
            }
            List<Condition> conditions = values.stream()
                    .map(one -> one.isEmpty() ? Condition.none() : Condition.tensors(one)).toList();
            return new TinyNetwork(name, card, states, array(name, card.t()).toFloats(), conditions,
                    rows(array(name, "expected")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of its files. */
    public Path file(String suffix) {
        return FOLDER.resolve(name + suffix);
    }

    private static Npy array(String name, String of) throws IOException {
        return Npy.read(FOLDER.resolve(name + "." + of + ".npy"));
    }

    private static float[][] rows(Npy array) {
        float[] all = array.toFloats();
        int rows = array.shape()[0];
        int length = all.length / rows;
        float[][] apart = new float[rows][];
        Arrays.setAll(apart, row -> Arrays.copyOfRange(all, row * length, (row + 1) * length));
        return apart;
    }

    private static TensorValue value(Npy array, int row, ModelInput input) {
        int[] shape = input.shape().stream().mapToInt(Integer::intValue).toArray();
        int from = row * input.values();
        int to = from + input.values();
        return input.type() == ModelInput.Type.INT64
                ? TensorValue.of(Arrays.copyOfRange(array.toLongs(), from, to), shape)
                : TensorValue.of(Arrays.copyOfRange(array.toFloats(), from, to), shape);
    }

    /** Its rows, at their times, under these conditions. */
    public float[][] evaluate(Denoiser model, List<Condition> asked) {
        float[][] predictions = new float[states.length][model.dim()];
        try (Buffer x = Device.cpu().allocate(states.length, model.dim());
                Buffer m = Device.cpu().allocate(states.length, model.dim())) {
            Batch batch = new Batch(states.length);
            batch.begin(x, 0, m, 0);
            for (int row = 0; row < states.length; row++) {
                x.write(row, states[row]);
                batch.add(new NoiseLevel(times[row], 0.6, 0.8), asked.get(row));
            }
            model.evaluate(batch);
            for (int row = 0; row < states.length; row++) {
                m.read(row, predictions[row]);
            }
        }
        return predictions;
    }
}
