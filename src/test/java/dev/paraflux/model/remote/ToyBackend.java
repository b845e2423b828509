package dev.paraflux.model.remote;

import dev.paraflux.device.Queue;
import dev.paraflux.json.JsonFile;
import dev.paraflux.model.Precision;
import dev.paraflux.model.UnwantedException;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PlainBackend;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A model in plain Java, which takes its time: 0.6 x + 0.3 sin(t / 150 + label + element). As a real one's, its last bits
 * depend on how many rows it is given at once.
 */
public final class ToyBackend implements Backend {
    private static final int CLASSES = 10;

    /** Rows that it has evaluated, once it is loaded. */
    final AtomicInteger rows = new AtomicInteger();
    private volatile long nanosARow;
    private final float scale;

    /** @param millisARow that a row takes at least */
    ToyBackend(double millisARow) {
        this(millisARow, 0.6f);
    }

    ToyBackend(double millisARow, float scale) {
        nanosARow = Math.round(millisARow * 1e6);
        this.scale = scale;
    }

    /** Has rows take so long from now on. */
    void setMillis(double millisARow) {
        nanosARow = Math.round(millisARow * 1e6);
    }

    static ModelCard card(Integer... shape) {
        SchedulerConfig scheduler = SchedulerConfig
                .parse(JsonFile.of(Map.of("beta_schedule", "linear"), "scheduler"));
        return new ModelCard("toy", List.of(shape), "x", "t",
                List.of(ModelInput.label(CLASSES, OptionalInt.of(CLASSES))), 1, scheduler);
    }

    PretrainedDenoiser load(Path folder, Integer... shape) {
        return load(folder, card(shape));
    }

    PretrainedDenoiser load(Path folder, ModelCard card) {
        try {
            Path file = folder.resolve("toy" + scale + ".model");
            write(file, new byte[] {(byte) (100 * scale)});
            PretrainedDenoiser model = PretrainedDenoiser.load(this, file, card, LoadOptions.DEFAULT);
            model.setReplicas(1);
            rows.set(0);
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With all that is in it at once: several processes may find at a time that it is not there. */
    private static void write(Path file, byte[] content) throws IOException {
        Path whole = Files.createTempFile(file.getParent(), "toy", ".part");
        try {
            Files.write(whole, content);
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            // Another was sooner.
        } finally {
            Files.delete(whole);
        }
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public String runtime() {
        return "plain Java";
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) {
        return new LoadedModel() {
            @Override
            public Batching batching() {
                return Batching.ANY;
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
            public ModelCall call(Arguments arguments) {
                return new Call(arguments);
            }

            @Override
            public void close() {}
        };
    }

    private final class Call implements ModelCall {
        private final Arguments arguments;

        Call(Arguments arguments) {
            this.arguments = arguments;
        }

        @Override
        public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
            long end = System.nanoTime() + nanosARow * arguments.rows();
            int count = arguments.rows();
            int dim = arguments.card().dim();
            FloatBuffer states = PlainBackend.floats(statesAt, count * dim);
            FloatBuffer predictions = PlainBackend.floats(predictionsAt, count * dim);
            for (int i = 0; i < count; i++) {
                double phase = arguments.times().get(i) / 150.0 + arguments.values(0).asLongBuffer().get(i);
                for (int e = 0; e < dim; e++) {
                    predictions.put(i * dim + e,
                            scale * states.get(i * dim + e) + (0.3f + 1e-7f * count) * (float) Math.sin(phase + e));
                }
            }
            rows.addAndGet(count);
            while (System.nanoTime() < end) {
                if (unwanted.getAsBoolean()) {
                    throw new UnwantedException();
                }
                LockSupport.parkNanos(Math.min(1_000_000, end - System.nanoTime()));
            }
        }

        @Override
        public void close() {}
    }
}
