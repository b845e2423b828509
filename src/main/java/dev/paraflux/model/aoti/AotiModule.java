package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.RefusedCall;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.model.torch.TorchTarget;
import dev.paraflux.model.torch.TorchTensors;
import dev.paraflux.model.torch.TorchWords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.AOTIModelContainerRunner;
import org.bytedeco.pytorch.OptionalStreamGuard;
import org.bytedeco.pytorch.StringIntMap;
import org.bytedeco.pytorch.TensorVector;

/** A compiled model where it works: on the CPU calls of it can run at the same time. */
final class AotiModule implements LoadedModel {
    /** A row alone costs most of what two together do: fewer are not worth a thread. */
    private static final int ROWS_A_THREAD = 2;
    /** Convolutions are quickest on about so many rows, whose values the caches hold. */
    private static final int QUICK_ROWS = 48;
    /** Of small rows more are taken at once, since a call itself costs something. */
    private static final int QUICK_VALUES = 8192;

    private final Path file;
    private final AotiDevice device;
    private final TorchGraphs graphs;
    private final AOTIModelContainerRunner runner;
    private final KernelFolder kernels;
    private final AotiWords words;
    private final String name;
    private final int threads;
    private Precision precision;
    private Batching batching;
    /** Null until it was seen at work. */
    private volatile Boolean changesInputs;

    private AotiModule(AotiPackage unpacked, AotiDevice device, AOTIModelContainerRunner runner, AotiWords words,
            ModelCard card, LoadOptions options) {
        file = unpacked.file();
        this.device = device;
        this.runner = runner;
        this.words = words;
        kernels = unpacked.takeKernels();
        name = "model " + card.name();
        threads = options.threads();
        graphs = options.graphs() ? device.graphs(name) : TorchGraphs.none(name);
    }

    /**
     * Loads what was unpacked, and finds out what it takes.
     *
     * @param device where it is to work
     * @throws IOException           if it cannot be loaded
     * @throws IllegalValueException if it takes nothing of what its card says, or has another precision than is asked for
     */
    @SuppressWarnings("try") // The guard works by being open.
    static AotiModule load(AotiPackage unpacked, ModelCard card, LoadOptions options, AotiDevice device)
            throws IOException {
        TorchLibrary.useThreads(options.threads());
        TorchTarget target = device.target();
        try (Queue queue = target.isHost() ? null : target.rows().queue();
                OptionalStreamGuard there = target.follow(queue)) {
            AotiWords words = new AotiWords(card, unpacked.library().toString());
            AotiModule module = new AotiModule(unpacked, device, runner(unpacked, device, words), words, card, options);
            try {
                if (unpacked.weights() != null) {
                    module.readWeights(unpacked.weights());
                }
                target.awaitWeights();
                module.precision = unpacked.precision().orElseGet(module::narrowest);
                requirePrecision(module.file, module.precision, options);
                AotiRange.Rows rows = AotiLibrary.ask(() -> new AotiRange(module, card).find());
                module.batching = Batching.ANY.parts(ROWS_A_THREAD, QUICK_ROWS, QUICK_VALUES)
                        .within(rows.least(), rows.most())
                        .warmedUp(1);
                return module;
            } catch (RuntimeException | Error | IOException e) {
                module.close();
                throw e;
            }
        }
    }

    private static AOTIModelContainerRunner runner(AotiPackage unpacked, AotiDevice device, AotiWords words)
            throws IOException {
        try {
            return device.load(unpacked.library(), unpacked.kernels());
        } catch (RuntimeException e) {
            throw notLoaded(unpacked.file(), words.of(e), e);
        }
    }

    private static IOException notLoaded(Path file, String words, RuntimeException e) {
        IOException refusal = new IOException("model file " + file + " cannot be loaded by this libtorch ("
                + TorchLibrary.version() + "): " + words);
        refusal.addSuppressed(e);
        return refusal;
    }

    private void readWeights(Path weights) throws IOException {
        try {
            runner.update_constant_buffer_from_blob(weights.toString());
        } catch (RuntimeException e) {
            throw notLoaded(file, words.of(e), e);
        }
    }

    /** Of its weights. */
    private Precision narrowest() {
        Precision found = Precision.FLOAT32;
        try (StringIntMap types = runner.getConstantNamesToDtypes()) {
            for (StringIntMap.Iterator at = types.begin(); !at.equals(types.end()); at.increment()) {
                found = found.coarser(TorchTensors.precision(at.second()));
            }
        }
        return found;
    }

    private static void requirePrecision(Path file, Precision found, LoadOptions options) {
        if (options.precision().isPresent() && options.precision().get() != found) {
            throw new IllegalValueException("precision", options.precision().get(), found + ", which model " + file
                    + " was compiled with: export it again for another one (tools/README.md)");
        }
    }

    /** Makes this thread's calls use as many threads as they should. */
    void useThreads() {
        TorchLibrary.useThreads(threads);
    }

    /** Where it works, in libtorch's words. */
    TorchTarget target() {
        return device.target();
    }

    /** What captures its calls. */
    TorchGraphs graphs() {
        return graphs;
    }

    /** The file that it is from. */
    Path file() {
        return file;
    }

    /** Asks it as it is; the answers are the caller's to close. */
    TensorVector ask(TensorVector inputs) {
        return runner.run(inputs);
    }

    /**
     * Evaluates; the answers are the caller's to close.
     *
     * @throws RefusedCall      if it fails, in its words
     * @throws OutOfMemoryError if its device has too little memory for the call
     */
    TensorVector run(TensorVector inputs) {
        try {
            return runner.run(inputs);
        } catch (RuntimeException e) {
            String told = words.of(e);
            if (device.hasRunOutOfMemory() || TorchWords.areOfMemory(e) || words.areOfMemory()) {
                throw new OutOfMemoryError(name + ": " + told);
            }
            throw RefusedCall.failed(told, e);
        }
    }

    /** What it says of refusals. */
    AotiWords words() {
        return words;
    }

    /** Whether nobody has seen yet what it does to its inputs. */
    boolean isNew() {
        return changesInputs == null;
    }

    /** It was seen to change what it is given, or not to. */
    void setChangesInputs(boolean changes) {
        changesInputs = changes;
    }

    /** Whether it changes what it is given. */
    boolean changesInputs() {
        return changesInputs;
    }

    @Override
    public Device device() {
        return target().rows();
    }

    @Override
    public Batching batching() {
        return batching;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public ModelCall call(Arguments arguments) {
        return new AotiCall(this, arguments);
    }

    /** What tells its reasons on the console alone keeps it. */
    @Override
    public void tryQuietly(Runnable trial) {
        if (words.areTold()) {
            AotiLibrary.ask(() -> {
                trial.run();
                return null;
            });
        } else {
            trial.run();
        }
    }

    @Override
    public void close() {
        graphs.close();
        target().awaitUses();
        runner.close();
        if (kernels != null) {
            kernels.close();
        }
    }

    @Override
    public String toString() {
        return "compiled model " + file;
    }
}
