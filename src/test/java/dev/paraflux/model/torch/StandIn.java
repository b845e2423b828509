package dev.paraflux.model.torch;

import dev.paraflux.device.Device;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Loads modules for a device that is the CPU to libtorch.
 *
 * @param device where they are said to work
 * @param graphs what captures the calls of a model, by its name
 */
record StandIn(Device device, Function<String, TorchGraphs> graphs) implements Backend {
    /** Without graphs. */
    StandIn(Device device) {
        this(device, TorchGraphs::none);
    }

    @Override
    public String name() {
        return TorchBackend.NAME;
    }

    @Override
    public String runtime() {
        return new TorchBackend().runtime();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        TorchLibrary.require();
        String name = "model " + card.name();
        return TorchModule.load(file, name, options, StandInTarget.of(device),
                graphs.apply(name));
    }
}
