package dev.paraflux.model.torch;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.global.torch;

/** A frozen module, whose weights all threads share: calls of it may run at the same time. */
final class TorchModule implements LoadedModel {
    /** A row alone costs most of what two together do: fewer are not worth a thread. */
    private static final int ROWS_A_THREAD = 2;
    /** Convolutions are quickest on about so many rows, whose values the caches hold. */
    private static final int QUICK_ROWS = 12;
    private static final int NARROW_QUICK_ROWS = 48;
    /** Of small rows more are taken at once, since a call itself costs something. */
    private static final int QUICK_VALUES = 8192;
    /** The first call of a size profiles the module, the second one runs the specialised code. */
    static final int WARM_UPS = 2;
    private static final Batching BATCHING = Batching.ANY.parts(ROWS_A_THREAD, QUICK_ROWS, QUICK_VALUES)
            .warmedUp(WARM_UPS);
    /** In half of the bytes more rows fit, and units of the processor that multiply them want work. */
    private static final Batching NARROW = Batching.ANY.parts(ROWS_A_THREAD, NARROW_QUICK_ROWS, QUICK_VALUES)
            .warmedUp(WARM_UPS);

    private final Path file;
    private final JitModule module;
    private final Method method;
    private final String name;
    private final int threads;
    private final TorchPrecision precision;
    private final TorchTarget target;
    private final TorchGraphs graphs;

    private TorchModule(Path file, JitModule module, TorchPrecision precision, TorchTarget target, TorchGraphs graphs,
            String name, int threads) {
        this.file = file;
        this.module = module;
        this.precision = precision;
        this.target = target;
        this.graphs = graphs;
        this.name = name;
        this.threads = threads;
        method = module.get_method("forward");
    }

    /**
     * Loads and freezes a file.
     *
     * @param name   what messages call the model
     * @param graphs what captures its calls, and is closed with it
     * @throws IOException           if libtorch cannot read it
     * @throws IllegalValueException if it has not the precision that is asked for
     */
    static TorchModule load(Path file, String name, LoadOptions options, TorchTarget target, TorchGraphs graphs)
            throws IOException {
        TorchLibrary.useThreads(options.threads());
        // Weights are where they are to be before they become constants of the frozen module.
        try (DeviceOptional device = target.device(); JitModule loaded = torch.load(file.toString(), device, false)) {
            loaded.eval();
            TorchPrecision precision = TorchPrecision.of(file, loaded, options);
            JitModule frozen = torch.freeze(loaded);
            target.awaitWeights();
            return new TorchModule(file, frozen, precision, target, graphs, name, options.threads());
        } catch (IllegalValueException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refusal(file, e);
        }
    }

    /** Loads and freezes a file that is no denoiser, in the numbers that it has. */
    static JitModule frozen(Path file, LoadOptions options) throws IOException {
        TorchLibrary.useThreads(options.threads());
        try (JitModule loaded = torch.load(file.toString())) {
            loaded.eval();
            return torch.freeze(loaded);
        } catch (RuntimeException e) {
            throw refusal(file, e);
        }
    }

    private static IOException refusal(Path file, RuntimeException e) {
        IOException refusal = new IOException("model file " + file + " is not a TorchScript module that this libtorch ("
                + TorchLibrary.version() + ") can read: " + TorchWords.of(e));
        refusal.addSuppressed(e);
        return refusal;
    }

    /** Makes this thread's calls use as many threads as they should. */
    void useThreads() {
        TorchLibrary.useThreads(threads);
    }

    /** Answers what a call has been set to. */
    void forward(TorchCall call) {
        precision.begin(target.type());
        try {
            run(call);
        } finally {
            precision.end(target.type());
        }
    }

    private void run(TorchCall call) {
        IValueVector stack = call.arguments();
        if (call.isTried() && method.num_inputs() == stack.size() + 1) {
            // The module itself is the first input. The answer takes the arguments' place, and no object is made for it.
            // Types are not checked so; they have been when the call was made first.
            method.run(stack);
            call.take(stack.get(0));
        } else {
            // Types are checked, and it may have arguments with defaults.
            answer(call, stack);
        }
    }

    /** Answers any arguments, which are checked. */
    void answer(TorchCall call, IValueVector arguments) {
        try (IValue answer = module.forward(arguments)) {
            call.take(answer);
        }
    }

    /** Where it works. */
    TorchTarget target() {
        return target;
    }

    /** What captures its calls. */
    TorchGraphs graphs() {
        return graphs;
    }

    @Override
    public Device device() {
        return target.rows();
    }

    @Override
    public Batching batching() {
        return isNarrow() ? NARROW : BATCHING;
    }

    @Override
    public Precision precision() {
        return precision.inside();
    }

    /** Whether its answers may have fewer bytes than float32. */
    boolean isNarrow() {
        return precision.inside() != Precision.FLOAT32;
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public ModelCall call(Arguments arguments) {
        return new TorchCall(this, arguments);
    }

    @Override
    public void close() {
        graphs.close();
        target.awaitUses();
        method.close();
        module.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
