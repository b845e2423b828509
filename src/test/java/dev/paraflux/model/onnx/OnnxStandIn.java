package dev.paraflux.model.onnx;

import dev.paraflux.device.Device;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Loads graphs for a device that has not been tried: which is the CPU to ONNX Runtime, or CUDA that is not all there.
 *
 * @param device where they are said to work
 */
record OnnxStandIn(Device device) implements Backend {
    @Override
    public String name() {
        return OnnxBackend.NAME;
    }

    @Override
    public String runtime() {
        return new OnnxBackend().runtime();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        OnnxLibrary.require();
        try (OnnxGraph graph = OnnxGraph.read(file)) {
            return new OnnxLoader(graph, card, options, new OnnxTarget(device, options.threads())).load();
        }
    }
}
