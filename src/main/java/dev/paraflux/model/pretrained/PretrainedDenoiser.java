package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.Precision;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * A pretrained model from a file, whoever runs it: a {@link Backend} does, behind what is the same for all of them. The
 * model is a function of x, float32 [batch, shape of a sample], t, float32 [batch], and the inputs that its
 * {@link ModelCard} names, each [batch, its shape].
 *
 * <p>The model reads the states where they lie. One that changes x in place is noticed when a batch size is warmed up, and
 * from then on given copies; one that does so at some inputs only fails with a {@link ModelException} the first time, and
 * is given copies after that. Thread-safe: calls run one after another.
 *
 * <p>The rows of a call are cut into parts ({@link Batching}), and several threads evaluate them at the same time over the
 * same weights, each part by one thread ({@link #setReplicas}). The cut goes by the number of rows and of replicas alone. A
 * row's last bits can depend on how many rows its part has, since a runtime may choose other algorithms for other batch
 * sizes, and on the runtime's own threads; not on which thread evaluates it, and not on what the other rows are.
 *
 * <p>It owns the model and the tensors of its calls, and {@link #close} frees them; the rows of a batch stay their owner's,
 * and are held open while a call runs on them.
 */
public final class PretrainedDenoiser implements CardedDenoiser {
    private final Backend backend;
    private final LoadedModel model;
    private final ModelCard card;
    private final CardConditions legal;
    private final WeightsDigest digest;
    private final Lifetime lifetime = new Lifetime("PretrainedDenoiser");
    private final ModelCalls calls;
    private final int dim;

    private PretrainedDenoiser(Backend backend, LoadedModel model, ModelCard card, LoadOptions options,
            WeightsDigest digest) {
        this.backend = backend;
        this.model = model;
        this.card = card;
        legal = new CardConditions(card);
        this.digest = digest;
        dim = card.dim();
        calls = new ModelCalls(model, card, options.threads(), lifetime);
    }

    /**
     * Loads a model, and tries it on a row, its highest label and its null label.
     *
     * @param backend who runs it
     * @throws IOException              if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalArgumentException if the model does not take what the card says
     * @throws ModelException           if the model's own code raises an error on a row
     */
    public static PretrainedDenoiser load(Backend backend, Path file, ModelCard card, LoadOptions options)
            throws IOException {
        return load(backend, file, card, options, null);
    }

    /**
     * Loads a model from a file that need not stay.
     *
     * @param weights the same bytes, from elsewhere; null if the file stays
     */
    public static PretrainedDenoiser load(Backend backend, Path file, ModelCard card, LoadOptions options,
            WeightsSource weights) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("model file " + file + " does not exist or is not a file");
        }
        WeightsDigest.Look look = WeightsDigest.Look.at(file);
        LoadedModel model = backend.load(file, card, options);
        try {
            WeightsDigest digest = weights == null ? WeightsDigest.of(file, look, model.files())
                    : new WeightsDigest("resource of " + card.name(), weights);
            PretrainedDenoiser denoiser = new PretrainedDenoiser(backend, model, card, options, digest);
            model.tryQuietly(new Probe(model, card, file)::run);
            denoiser.prepareFirst();
            return denoiser;
        } catch (RuntimeException | Error | IOException e) {
            model.close();
            throw e;
        }
    }

    /**
     * The digest of a model's weights, as {@link #identity} of the loaded model tells it, without loading it.
     *
     * @return 64 hexadecimal digits
     * @throws IOException           if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalStateException if a file cannot be read to its end, or changes meanwhile
     */
    public static String sha256(Backend backend, Path file) throws IOException {
        return WeightsDigest.of(file, WeightsDigest.Look.at(file), backend.files(file)).hex();
    }

    private void prepareFirst() {
        try {
            prepare(1);
            lifetime.watch();
        } catch (RuntimeException | Error e) {
            calls.close();
            throw e;
        }
    }

    @Override
    public ModelCard card() {
        return card;
    }

    /** Who runs it, with its version, for example {@code libtorch 2.10.0-1.5.13}. */
    public String runtime() {
        return backend.runtime();
    }

    @Override
    public String evaluatedBy() {
        return runtime() + " in " + precision();
    }

    /** How rows are given to it. */
    public Batching batching() {
        return model.batching();
    }

    @Override
    public int dim() {
        return dim;
    }

    /** What it calculates with inside. */
    public Precision precision() {
        return model.precision();
    }

    /** What its precision rounds by; 0 of float32. */
    @Override
    public double rounding(Conditioning conditioning) {
        return precision() == Precision.FLOAT32 ? 0 : precision().rounding();
    }

    /**
     * The backend, the name that the card gives, the precision where it is not float32, and the SHA-256 of the file, which is
     * read when this is first asked for.
     *
     * @throws IllegalStateException if the file has changed since it was loaded, is gone, or cannot be read
     */
    @Override
    public ModelIdentity identity() {
        Description own = Description.of(backend.name()).with("name", card.name()).with(ModelIdentity.SHA256,
                digest.hex());
        return ModelIdentity
                .of(precision() == Precision.FLOAT32 ? own : own.with("precision", precision().toString()));
    }

    @Override
    public void requireLegal(Condition condition) {
        legal.requireLegal(condition);
    }

    @Override
    public void requireLegal(NoiseLevel level) {
        if (model.takesWholeTimes() && level.time() != Math.rint(level.time())) {
            throw new IllegalValueException("time", level.time(), "a whole training step, for model " + card.name()
                    + ": its file takes " + card.t() + " as whole numbers; export it with a time of float32 a row"
                    + " (tools/README.md), or space the steps so that times are whole");
        }
    }

    /**
     * Sets how many parts of a call are evaluated at the same time, each on a thread of its own (the caller's is one of
     * them), from the next call on. More parts are other parts: predictions differ in their last bits.
     *
     * <p>Without it a call is cut for as many threads as there are cores (or as {@code OMP_NUM_THREADS} says), and how many
     * work on it is measured when the first call of several parts is prepared or made. Where calls do not get quicker by it,
     * the caller does all parts itself; bits do not depend on that. A model that was loaded with more than one thread has one
     * replica, unless this says otherwise.
     *
     * @param replicas 1 to {@link LoadOptions#mostThreads()}; 1 where the model works on another device than the host
     * @throws IllegalStateException if the model is closed
     */
    public synchronized void setReplicas(int replicas) {
        calls.requireReplicas(replicas);
        held(() -> calls.setReplicas(replicas));
    }

    /**
     * How many threads work on a call that is large enough: what was set, or else measured, at once if it has not been.
     *
     * @throws IllegalStateException if the model is closed
     */
    public synchronized int replicas() {
        return held(calls::replicas);
    }

    /**
     * How many parts of a call can be under way at the same time, whether or not as many threads are quickest.
     *
     * @throws IllegalStateException if the model is closed
     */
    public synchronized int mostReplicas() {
        return held(calls::mostReplicas);
    }

    /** On the host, and where its runtime works, if rows can stay there. */
    @Override
    public boolean worksOn(Device device) {
        return device.isHost() || device == model.rowDevice();
    }

    /** For every part that calls of up to so many rows are cut into. */
    @Override
    public synchronized void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        held(() -> calls.prepare(rows));
    }

    private void held(Runnable work) {
        held(() -> {
            work.run();
            return 0;
        });
    }

    private int held(IntSupplier work) {
        lifetime.acquire();
        try {
            return work.getAsInt();
        } catch (RefusedCall e) {
            throw e.of(toString());
        } finally {
            lifetime.release();
        }
    }

    /** An answer of another shape is refused. */
    @Override
    public boolean writesAll() {
        return true;
    }

    @Override
    public synchronized void evaluate(Batch rows) {
        lifetime.acquire();
        try {
            rows.acquire(this);
            try {
                evaluateHeld(rows);
            } finally {
                rows.release();
            }
        } catch (RefusedCall e) {
            throw e.of(toString());
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
     * Frees the model and the tensors of its calls, and ends its threads. A second call does nothing.
     *
     * @throws IllegalStateException if a call is under way on another thread; the model stays open
     */
    @Override
    public void close() {
        if (lifetime.close()) {
            calls.close();
            model.close();
        }
    }

    @Override
    public String toString() {
        return "model " + card.name();
    }
}
