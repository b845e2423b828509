package dev.paraflux.model.onnx;

import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Counts the runs of the models that another one loads. */
final class CountedBackend implements Backend {
    private final Backend counted;
    final AtomicInteger runs = new AtomicInteger();

    CountedBackend() {
        this(new OnnxBackend());
    }

    CountedBackend(Backend counted) {
        this.counted = counted;
    }

    @Override
    public String name() {
        return counted.name();
    }

    @Override
    public String runtime() {
        return counted.runtime();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        LoadedModel model = counted.load(file, card, options);
        return new LoadedModel() {
            @Override
            public Batching batching() {
                return model.batching();
            }

            @Override
            public Precision precision() {
                return model.precision();
            }

            @Override
            public List<Path> files() {
                return model.files();
            }

            @Override
            public Device device() {
                return model.device();
            }

            @Override
            public Device rowDevice() {
                return model.rowDevice();
            }

            @Override
            public boolean takesWholeTimes() {
                return model.takesWholeTimes();
            }

            @Override
            public ModelCall call(Arguments arguments) {
                return counted(model.call(arguments));
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }

    private ModelCall counted(ModelCall call) {
        return new ModelCall() {
            @Override
            public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
                runs.incrementAndGet();
                call.run(statesAt, predictionsAt, queue, unwanted);
            }

            @Override
            public void close() {
                call.close();
            }
        };
    }
}
