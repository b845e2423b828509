package dev.paraflux.model.torch;

import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.global.torch;

/**
 * A pretrained TorchScript module, run by libtorch on the CPU: {@code forward(x, t)}, {@code forward(x, t, label)} or
 * {@code forward(x, t, encoder_hidden_states)}, as its {@link ModelCard} says. x is float32 [batch, channels, height,
 * width], t float32 [batch] (the training step), label int64 [batch], encoder_hidden_states float32 [batch, tokens,
 * width].
 *
 * <p>The module reads the states where they lie; its answer is copied once, into the predictions. A module that changes x
 * in place is noticed when a batch size is warmed up, and from then on given copies; one that does so at some inputs only
 * fails with a {@link ModelException} the first time, and is given copies after that. libtorch specialises a module for
 * each batch size it meets, so that batches are padded to one of few sizes (at most a quarter more), each warmed up once.
 * Thread-safe: calls run one after another.
 *
 * <p>libtorch's convolutions may choose other algorithms for other batch sizes, and it adds up in another order on another
 * number of threads: a row's last bits can depend on how many rows ride with it, and on {@link TorchLibrary#setThreads}.
 * For one batch size and one number of threads they do not change.
 *
 * <p>It owns the module and the tensors of its batches, and {@link #close} frees them; the rows of a batch stay their
 * owner's, and are held open while a call runs on them.
 */
public final class TorchScriptDenoiser implements Denoiser {
    private final JitModule module;
    private final Method method;
    private final ModelCard card;
    private final WeightsDigest digest;
    private final Lifetime lifetime = new Lifetime("TorchScriptDenoiser");
    private final TorchRows padded;
    /** By the numbers of their sizes. */
    private final TorchBatch[] batches = new TorchBatch[TorchSizes.COUNT];
    private boolean changesInputs;

    private TorchScriptDenoiser(JitModule module, ModelCard card, WeightsDigest digest) {
        this.module = module;
        method = module.get_method("forward");
        this.card = card;
        this.digest = digest;
        padded = lifetime.own(() -> new TorchRows(Device.cpu(), card.dim()));
    }

    /**
     * Loads a module; its card lies beside it ({@link ModelCard#beside}).
     *
     * <p>The file is checked before libtorch reads it, and tried on a row, its highest label and its null label. It is a
     * program all the same: load only files that you would run.
     *
     * @throws IOException              if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalArgumentException if the card is illegal, or the module does not take what the card says
     * @throws ModelException           if the module's own code raises an error on a row
     */
    public static TorchScriptDenoiser load(Path file) throws IOException {
        requireFile(file);
        // A file of another kind has no card: what it is says more than what is missing beside it.
        ModelFileKind.requireTorchScript(file);
        return load(file, ModelCard.read(ModelCard.beside(file)));
    }

    /** Loads a module whose card the caller has. */
    public static TorchScriptDenoiser load(Path file, ModelCard card) throws IOException {
        requireFile(file);
        return load(file, card, WeightsDigest.of(file));
    }

    /** Loads a module from a file that need not stay: the digest is of the same bytes, from elsewhere. */
    static TorchScriptDenoiser load(Path file, ModelCard card, WeightsDigest digest) throws IOException {
        ModelFileKind.requireTorchScript(file);
        TorchArchive.check(file);
        TorchLibrary.require();
        TorchScriptDenoiser denoiser = new TorchScriptDenoiser(loadModule(file), card, digest);
        try {
            new TorchProbe(denoiser.module, card, file).run();
            denoiser.prepare(1);
            denoiser.lifetime.watch();
            return denoiser;
        } catch (RuntimeException | Error e) {
            denoiser.close();
            throw e;
        }
    }

    private static void requireFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("model file " + file + " does not exist or is not a file");
        }
    }

    private static JitModule loadModule(Path file) throws IOException {
        try (JitModule loaded = torch.load(file.toString())) {
            loaded.eval();
            return torch.freeze(loaded);
        } catch (RuntimeException e) {
            IOException refusal = new IOException(
                    "model file " + file + " is not a TorchScript module that this libtorch ("
                            + TorchLibrary.version() + ") can read: " + TorchWords.of(e));
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    /** What the model is and how it was trained. */
    public ModelCard card() {
        return card;
    }

    @Override
    public int dim() {
        return card.dim();
    }

    @Override
    public int[] shape() {
        return card.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Prediction prediction() {
        return card.scheduler().prediction();
    }

    /**
     * The name that its card gives it, and the SHA-256 of its file, which is read when this is first asked for.
     *
     * @throws IllegalStateException if the file has changed since it was loaded, is gone, or cannot be read
     */
    @Override
    public ModelIdentity identity() {
        return ModelIdentity.of(Description.of("torchscript").with("name", card.name())
                .with(ModelIdentity.SHA256, digest.hex()));
    }

    @Override
    public void requireLegal(Condition condition) {
        card.requireLegal(condition);
    }

    /** For every size that a batch of up to so many rows can be padded to. */
    @Override
    public synchronized void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        lifetime.acquire();
        try {
            for (int size = 1; size < rows; size = TorchSizes.sizeFor(size + 1)) {
                prepared(size);
            }
            prepared(rows);
        } finally {
            lifetime.release();
        }
    }

    /** The tensors for so many rows; made, and the module warmed up for them, where they were not met before. */
    private TorchBatch prepared(int rows) {
        TorchLibrary.useThreadsFor(rows);
        int size = TorchSizes.sizeFor(rows);
        TorchBatch known = batches[TorchSizes.number(size)];
        return known == null ? warmedUp(size) : known;
    }

    @SuppressWarnings("try") // The guard works by being open.
    private TorchBatch warmedUp(int size) {
        TorchBatch batch = new TorchBatch(card, padded, size);
        try (InferenceMode inference = new InferenceMode(true)) {
            // The first call profiles the module for this batch size, the second one runs the specialised code.
            for (int call = 0; call < 2; call++) {
                batch.setIdle(0);
                forward(batch);
                changesInputs |= batch.hasChangedInputs();
            }
        } catch (RuntimeException | Error e) {
            batch.close();
            throw e;
        }
        batches[TorchSizes.number(size)] = batch;
        return batch;
    }

    @Override
    public synchronized void evaluate(Batch rows) {
        lifetime.acquire();
        try {
            rows.acquire(card.dim());
            try {
                evaluateHeld(rows);
            } finally {
                rows.release();
            }
        } finally {
            lifetime.release();
        }
    }

    @SuppressWarnings("try") // The guard works by being open.
    private void evaluateHeld(Batch rows) {
        for (int i = 0; i < rows.size(); i++) {
            requireLegal(rows.conditioning(i));
        }
        TorchBatch batch = prepared(rows.size());
        try (InferenceMode inference = new InferenceMode(true)) {
            batch.set(rows, changesInputs);
            forward(batch);
            batch.finish(rows);
        }
        if (batch.hasChangedInputs() && !changesInputs) {
            changesInputs = true;
            if (batch.isInPlace()) {
                throw new ModelException(this + " changes its input in place, at some inputs only, so that it was not"
                        + " noticed before: the rows of this call are lost, later calls are given copies. Export it with"
                        + " x = x.clone() in the beginning of its forward");
            }
        }
    }

    private void forward(TorchBatch batch) {
        try {
            IValueVector stack = batch.arguments();
            if (method.num_inputs() == stack.size() + 1) {
                // The module itself is the first input. The answer takes the arguments' place, and no object is made for
                // it. Their types have been checked when the module was probed.
                method.run(stack);
                batch.take(stack.get(0));
            } else {
                // It has arguments with defaults.
                takeAnswer(batch, stack);
            }
        } catch (ModelException e) {
            throw new ModelException(this + ": " + e.getMessage());
        } catch (RuntimeException e) {
            ModelException failure = new ModelException(this + " fails: " + TorchWords.of(e));
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private void takeAnswer(TorchBatch batch, IValueVector arguments) {
        try (IValue answer = module.forward(arguments)) {
            batch.take(answer);
        }
    }

    /**
     * Frees the module and the tensors of its batches. A second call does nothing.
     *
     * @throws IllegalStateException if a call is under way on another thread; the model stays open
     */
    @Override
    public void close() {
        if (lifetime.close()) {
            Stream.of(batches).filter(Objects::nonNull).forEach(TorchBatch::close);
            padded.close();
            method.close();
            module.close();
        }
    }

    @Override
    public String toString() {
        return "model " + card.name();
    }
}
