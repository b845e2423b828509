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
 * ONNX graphs, run by ONNX Runtime, on the CPU or on a CUDA device: the inputs that the card names, by their names, and the
 * first output. Rows are read and written where they lie. What a graph has in other types, float16 or int32, is cast within the
 * graph; a time that it takes as one number for all rows is opened to one of each row where that can be done, in memory: the
 * file stays as it is. Where it cannot, calls are made of the rows of one time ({@code Batching.oneTime}), so that methods that
 * evaluate rows of many times at once gain nothing by it.
 *
 * <p>On a device ({@code LoadOptions.withDevice}) the session and its weights are there, and rows go by the host: ONNX Runtime
 * brings them and the predictions, and a sampler that has its rows on a device stages them. A call is one part. TF32 is off, and
 * algorithms are chosen by rules instead of by measuring, so that float32 is float32 and bits are meant to repeat on one device
 * with the same libraries; they are not the CPU's. It takes {@code com.microsoft.onnxruntime:onnxruntime_gpu} in the place of the
 * jar below, CUDA 12 and cuDNN 9; what of it is not there is told by its name, before the file is read.
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

    /**
     * Where models can run, in words: the CPU, and CUDA's devices, or why not there.
     *
     * @throws IllegalStateException as {@link #runtime}
     */
    public static String places() {
        OnnxLibrary.require();
        String refusal = OnnxTarget.cudaRefusal();
        return refusal.isEmpty() ? "the CPU and CUDA" : "the CPU alone: " + refusal;
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        OnnxLibrary.require();
        OnnxTarget target = OnnxTarget.of(options.device(), options.threads());
        try (OnnxGraph graph = OnnxGraph.read(file)) {
            return new OnnxLoader(graph, card, options, target).load();
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
