package dev.paraflux.benchmarks.study;

import dev.paraflux.device.Queue;
import dev.paraflux.json.JsonFile;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** A model that predicts a part of x and a wave of time, and sleeps for so long a row that a machine's cores do not matter. */
final class SleepingModel implements Backend {
    /** What the models that are studied take for a row. */
    static final long ROW_NANOS = 5_000_000;

    /** Values of a row that are calculated; others are copied, so that the cores are free for what is measured. */
    private static final int CALCULATED = 1024;

    /** A model of rows of a length. */
    static PretrainedDenoiser load(Path folder, int dim) throws IOException {
        Path file = folder.resolve("sleeping.model");
        if (!Files.exists(file)) {
            Files.write(file, new byte[1]);
        }
        PretrainedDenoiser model = PretrainedDenoiser.load(new SleepingModel(), file, card(dim), LoadOptions.DEFAULT);
        model.setReplicas(1);
        return model;
    }

    static ModelCard card(int dim) {
        return new ModelCard("sleeping", List.of(dim), "x", "t", List.of(), 1,
                SchedulerConfig.parse(JsonFile.of(Map.of("beta_schedule", "linear"), "scheduler")));
    }

    /** Sleeps until the time of rows is over. */
    static void sleep(long begun, int rows) {
        long end = begun + rows * ROW_NANOS;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public String name() {
        return "sleeping";
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

    private record Call(Arguments arguments) implements ModelCall {
        @Override
        public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
            long begun = System.nanoTime();
            int dim = arguments.card().dim();
            int count = arguments.rows() * dim;
            FloatBuffer states = floats(statesAt, count);
            FloatBuffer predictions = floats(predictionsAt, count);
            predictions.put(0, states, 0, count);
            for (int i = 0; i < arguments.rows(); i++) {
                float wave = 0.3f * (float) Math.sin(arguments.times().get(i) / 150);
                for (int e = i * dim; e < i * dim + Math.min(dim, CALCULATED); e++) {
                    predictions.put(e, 0.6f * states.get(e) + wave);
                }
            }
            sleep(begun, arguments.rows());
        }

        @Override
        public void close() {}
    }

    private static FloatBuffer floats(long address, int count) {
        return new FloatPointer(new Address(address)).capacity(count).asBuffer();
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
