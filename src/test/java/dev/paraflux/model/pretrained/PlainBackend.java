package dev.paraflux.model.pretrained;

import dev.paraflux.device.Queue;
import dev.paraflux.json.JsonFile;
import dev.paraflux.model.Precision;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A backend in plain Java: predicts 0.5 x + 0.001 t plus the sum of all values of the row's inputs, and remembers what it was
 * asked for. It refuses rows that its batching does not allow.
 */
public final class PlainBackend implements Backend {
    /** The times of each run, in the order of the runs; those of padded rows among them. */
    final List<List<Double>> runs = Collections.synchronizedList(new ArrayList<>());
    private final Batching batching;
    private final boolean wholeTimes;
    /** What it says of every call from now on; null for nothing. */
    volatile RuntimeException failure;

    PlainBackend(Batching batching) {
        this(batching, false);
    }

    PlainBackend(Batching batching, boolean wholeTimes) {
        this.batching = batching;
        this.wholeTimes = wholeTimes;
    }

    /** A model of it that takes these inputs, of a file that is made for it. */
    public static PretrainedDenoiser load(Path folder, Batching batching, ModelInput... inputs) {
        return new PlainBackend(batching).load(folder, List.of(2, 3), inputs);
    }

    PretrainedDenoiser load(Path folder, List<Integer> shape, ModelInput... inputs) {
        try {
            Path file = Files.write(folder.resolve("plain.model"), new byte[] {1, 2, 3});
            SchedulerConfig scheduler = SchedulerConfig
                    .parse(JsonFile.of(Map.of("beta_schedule", "linear"), "scheduler"));
            return PretrainedDenoiser.load(this, file,
                    new ModelCard("plain", shape, "x", "t", List.of(inputs), 1, scheduler), LoadOptions.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ModelInput input(String name, ModelInput.Type type, OptionalInt nullValue, Integer... shape) {
        return new ModelInput(name, type, List.of(shape), 0, nullValue);
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public String runtime() {
        return "plain Java";
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) {
        return new Model(file);
    }

    private final class Model implements LoadedModel {
        private final Path file;

        Model(Path file) {
            this.file = file;
        }

        @Override
        public Batching batching() {
            return batching;
        }

        @Override
        public Precision precision() {
            return Precision.FLOAT32;
        }

        @Override
        public List<Path> files() {
            return List.of(file);
        }

        @Override
        public boolean takesWholeTimes() {
            return wholeTimes;
        }

        @Override
        public ModelCall call(Arguments arguments) {
            return new Call(arguments);
        }

        @Override
        public void close() {}
    }

    private final class Call implements ModelCall {
        private final Arguments arguments;

        Call(Arguments arguments) {
            this.arguments = arguments;
        }

        @Override
        public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
            if (failure != null) {
                throw failure;
            }
            int rows = arguments.rows();
            int dim = arguments.card().dim();
            List<Double> times = new ArrayList<>();
            FloatBuffer states = floats(statesAt, rows * dim);
            FloatBuffer predictions = floats(predictionsAt, rows * dim);
            for (int i = 0; i < rows; i++) {
                float time = arguments.times().get(batching.oneTime() ? 0 : i);
                times.add((double) arguments.times().get(i));
                for (int e = 0; e < dim; e++) {
                    predictions.put(i * dim + e, 0.5f * states.get(i * dim + e) + 0.001f * time + sum(i));
                }
            }
            if (rows < batching.least() || rows > batching.most()) {
                throw RefusedCall.failed("it takes other rows than " + rows, new IllegalStateException());
            }
            runs.add(times);
        }

        private float sum(int row) {
            float sum = 0;
            for (int k = 0; k < arguments.card().inputs().size(); k++) {
                ModelInput input = arguments.card().inputs().get(k);
                ByteBuffer bytes = arguments.values(k);
                LongBuffer longs = bytes.asLongBuffer();
                FloatBuffer numbers = bytes.asFloatBuffer();
                for (int v = row * input.values(); v < (row + 1) * input.values(); v++) {
                    sum += input.type() == ModelInput.Type.INT64 ? longs.get(v) : numbers.get(v);
                }
            }
            return sum;
        }

        @Override
        public void close() {}
    }

    /** So many values at an address, as a call is given them. */
    public static FloatBuffer floats(long address, int count) {
        return new FloatPointer(new Address(address)).capacity(count).asBuffer();
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
