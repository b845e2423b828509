package dev.paraflux.model.torch;

import dev.paraflux.check.Require;
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

/**
 * A pretrained TorchScript module, run by libtorch on the CPU: {@code forward(x, t)}, {@code forward(x, t, label)} or
 * {@code forward(x, t, encoder_hidden_states)}, as its {@link ModelCard} says. x is float32 [batch, channels, height,
 * width], t float32 [batch] (the training step), label int64 [batch], encoder_hidden_states float32 [batch, tokens,
 * width].
 *
 * <p>The module reads the states where they lie; its answer is copied once, into the predictions. A module that changes x
 * in place is noticed when a batch size is warmed up, and from then on given copies; one that does so at some inputs only
 * fails with a {@link ModelException} the first time, and is given copies after that. libtorch specialises a module for
 * each batch size it meets; each is warmed up once. Thread-safe: calls run one after another.
 *
 * <p>The rows of a call are cut into parts of 12 rows at most (more where rows are small), and several threads evaluate them
 * at the same time over the same weights, each part by one thread ({@link #setReplicas}). The cut goes by the number of rows
 * and of replicas alone. A row's last bits can depend on how many rows its part has, since libtorch may choose other
 * algorithms for other batch sizes, and on {@link TorchLibrary#setThreads}; not on which thread evaluates it, and not on
 * what the other rows are.
 *
 * <p>It owns the module and the tensors of its batches, and {@link #close} frees them; the rows of a batch stay their
 * owner's, and are held open while a call runs on them.
 */
public final class TorchScriptDenoiser implements Denoiser {
    private final TorchModule module;
    private final ModelCard card;
    private final WeightsDigest digest;
    private final Lifetime lifetime = new Lifetime("TorchScriptDenoiser");
    private final TorchCalls calls;

    private TorchScriptDenoiser(TorchModule module, ModelCard card, WeightsDigest digest) {
        this.module = module;
        this.card = card;
        this.digest = digest;
        calls = new TorchCalls(module, card, lifetime);
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
        TorchScriptDenoiser denoiser = new TorchScriptDenoiser(TorchModule.load(file, "model " + card.name()), card,
                digest);
        try {
            new TorchProbe(denoiser.module.module(), card, file).run();
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

    /**
     * Sets how many parts of a call are evaluated at the same time, each on a thread of its own (the caller's is one of
     * them), from the next call on. More parts are other parts: predictions differ in their last bits.
     *
     * <p>Without it a call is cut for as many threads as {@link TorchLibrary#replicas()} says, and how many work on it is
     * measured when the first call of several parts is prepared or made. Where calls do not get quicker by it, the caller
     * does all parts itself; bits do not depend on that.
     *
     * @param replicas 1 to {@link TorchLibrary#mostThreads()}
     * @throws IllegalStateException if the model is closed
     */
    public synchronized void setReplicas(int replicas) {
        Require.between(1, TorchLibrary.mostThreads(), "replicas", replicas);
        lifetime.acquire();
        try {
            calls.setReplicas(replicas);
        } finally {
            lifetime.release();
        }
    }

    /**
     * How many threads work on a call that is large enough: what was set, or else measured, at once if it has not been.
     *
     * @throws IllegalStateException if the model is closed
     */
    public synchronized int replicas() {
        lifetime.acquire();
        try {
            return calls.replicas();
        } finally {
            lifetime.release();
        }
    }

    /** For every part that calls of up to so many rows are cut into. */
    @Override
    public synchronized void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        lifetime.acquire();
        try {
            calls.prepare(rows);
        } finally {
            lifetime.release();
        }
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

    private void evaluateHeld(Batch rows) {
        for (int i = 0; i < rows.size(); i++) {
            requireLegal(rows.conditioning(i));
        }
        calls.evaluate(rows);
    }

    /**
     * Frees the module and the tensors of its calls, and ends its threads. A second call does nothing.
     *
     * @throws IllegalStateException if a call is under way on another thread; the model stays open
     */
    @Override
    public void close() {
        if (lifetime.close()) {
            calls.close();
            module.close();
        }
    }

    @Override
    public String toString() {
        return module.toString();
    }
}
