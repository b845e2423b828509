package dev.paraflux.model.onnx;

import dev.paraflux.check.Reason;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.LoadedNetwork;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * ONNX graphs, run by ONNX Runtime on the CPU: the inputs that the card names, by their names, and the first output.
 * Rows are read and written where they lie. What a graph has in other types, float16 or int32, is cast within the graph;
 * a time that it takes as one number for all rows is opened to one of each row where that can be done, in memory: the file
 * stays as it is. Where it cannot, calls are made of the rows of one time ({@code Batching.oneTime}), so that methods that
 * evaluate rows of many times at once gain nothing by it.
 *
 * <p>It needs {@code com.microsoft.onnxruntime:onnxruntime} on the class path, which is an optional dependency. A graph is
 * data, and no program; weights that lie in other files are read from the model's own folder alone.
 */
public final class OnnxBackend implements Backend {
    /** What its models are called. */
    public static final String NAME = "onnx";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String runtime() {
        OnnxLibrary.require();
        return "ONNX Runtime " + OnnxLibrary.version();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        options.requireCpu("ONNX Runtime");
        OnnxLibrary.require();
        try (OnnxGraph graph = OnnxGraph.read(file)) {
            return new OnnxLoader(graph, card, options).load();
        } catch (BrokenMessage e) {
            throw damaged(file, e);
        }
    }

    @Override
    public List<Path> files(Path file) throws IOException {
        OnnxLibrary.require();
        try (OnnxGraph graph = OnnxGraph.read(file)) {
            return ExternalWeights.of(graph).filesOfModel();
        } catch (BrokenMessage e) {
            throw damaged(file, e);
        }
    }

    private static IOException damaged(Path file, BrokenMessage e) {
        return new IOException("model file " + file + " is damaged: " + Reason.of(e) + "; copy or download it again",
                e);
    }

    @Override
    public LoadedNetwork network(Path file, LoadOptions options) throws IOException {
        OnnxLibrary.require();
        try {
            return OnnxNetwork.load(file, options);
        } catch (BrokenMessage e) {
            throw damaged(file, e);
        }
    }
}
