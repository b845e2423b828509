package dev.paraflux.model;

import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A pretrained TorchScript module, run by libtorch on the CPU: {@code forward(x, t)}, {@code forward(x, t, label)} or
 * {@code forward(x, t, encoder_hidden_states)}, as its {@link ModelCard} says. x is float32 [batch, channels, height,
 * width], t float32 [batch] (the training step), label int64 [batch], encoder_hidden_states float32 [batch, tokens,
 * width].
 *
 * <p>The module reads the states where they lie; its answer is copied once, into the predictions. libtorch specialises a
 * module for each batch size it meets, so that batches are padded to one of few sizes (at most a quarter more), each
 * warmed up once. Thread-safe: calls run one after another.
 *
 * <p>libtorch's convolutions may choose other algorithms for other batch sizes, so that a row's last bits can depend on
 * how many rows ride with it; for one batch size they do not change.
 */
public final class TorchScriptDenoiser implements Denoiser {
    private final JitModule module;
    private final ModelCard card;
    private final WeightsDigest digest;
    private final Lifetime lifetime = new Lifetime("TorchScriptDenoiser");
    private final Map<Integer, TorchBatch> batches = new TreeMap<>();

    private TorchScriptDenoiser(JitModule module, ModelCard card, WeightsDigest digest) {
        this.module = module;
        this.card = card;
        this.digest = digest;
    }

    /**
     * Loads a module; its card lies beside it ({@link ModelCard#beside}).
     *
     * @throws IOException              if a file is missing or is not what it should be
     * @throws IllegalArgumentException if the card is illegal, or the module does not take what the card says
     */
    public static TorchScriptDenoiser load(Path file) throws IOException {
        requireFile(file);
        return load(file, ModelCard.read(ModelCard.beside(file)));
    }

    /** Loads a module whose card the caller has. */
    public static TorchScriptDenoiser load(Path file, ModelCard card) throws IOException {
        requireFile(file);
        return load(file, card, WeightsDigest.of(file));
    }

    /** Loads a module from a file that need not stay: the digest is of the same bytes, from elsewhere. */
    static TorchScriptDenoiser load(Path file, ModelCard card, WeightsDigest digest) throws IOException {
        TorchLibrary.require();
        TorchScriptDenoiser denoiser = new TorchScriptDenoiser(loadModule(file), card, digest);
        try {
            denoiser.prepare(1);
        } catch (RuntimeException e) {
            denoiser.close();
            throw new IllegalArgumentException("model " + file + " does not do what its card says (shape "
                    + card.shape() + ", inputs " + card.input() + "): " + reason(e), e);
        }
        return denoiser;
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
            throw new IOException("model file " + file + " is not a TorchScript module that this libtorch ("
                    + TorchLibrary.version() + ") can read: " + reason(e), e);
        }
    }

    /** libtorch's messages carry a stack trace; the first lines that say something are enough. */
    private static String reason(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        int error = message.lastIndexOf("RuntimeError: ");
        String from = error < 0 ? message : message.substring(error + "RuntimeError: ".length());
        return from.lines().filter(line -> !line.isBlank()).findFirst().orElse(message);
    }

    /** What the model is and how it was trained. */
    public ModelCard card() {
        return card;
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
        switch (card.input()) {
            case NONE -> {
                if (!(condition instanceof Condition.None)) {
                    throw new IllegalArgumentException(condition + ": model " + card.name() + " takes no condition");
                }
            }
            case LABEL -> requireLegalLabel(condition);
            case EMBEDDING -> {
                int tokens = card.embedding().get(0);
                int width = card.embedding().get(1);
                if (!(condition instanceof Condition.Embedding embedding) || embedding.tokens() != tokens
                        || embedding.width() != width) {
                    throw new IllegalArgumentException(condition + ": model " + card.name()
                            + " takes an embedding of " + tokens + " x " + width);
                }
            }
        }
    }

    private void requireLegalLabel(Condition condition) {
        if (condition instanceof Condition.None) {
            if (card.nullLabel() == ModelCard.NO_NULL_LABEL) {
                throw new IllegalArgumentException("model " + card.name()
                        + " cannot run without a label: its card names no nullLabel");
            }
        } else if (!(condition instanceof Condition.Label label)) {
            throw new IllegalArgumentException(condition + ": model " + card.name() + " takes a label, 0 to "
                    + (card.labels() - 1));
        } else if (label.label() < 0 || label.label() >= card.labels()) {
            throw new IllegalArgumentException("label " + label.label() + ": legal labels of model " + card.name()
                    + " are 0 to " + (card.labels() - 1));
        }
    }

    /** The batch size that a batch of so many rows is padded to: exact up to 8, then four sizes an octave. */
    static int bucket(int rows) {
        int step = Math.max(1, Integer.highestOneBit(Math.max(1, rows - 1)) / 4);
        return rows <= 8 ? rows : (rows + step - 1) / step * step;
    }

    @Override
    @SuppressWarnings("try") // The guard works by being open.
    public synchronized void prepare(int rows) {
        lifetime.acquire();
        try (InferenceMode inference = new InferenceMode(true)) {
            int size = bucket(rows);
            if (!batches.containsKey(size)) {
                TorchBatch batch = new TorchBatch(card, Device.cpu(), size);
                batches.put(size, batch);
                warmUp(batch);
            }
        } finally {
            lifetime.release();
        }
    }

    /** The first call profiles the module for this batch size, the second one runs the specialised code. */
    private void warmUp(TorchBatch batch) {
        batch.setIdle();
        for (int call = 0; call < 2; call++) {
            forward(batch);
        }
    }

    @Override
    @SuppressWarnings("try") // The guard works by being open.
    public synchronized void evaluate(Batch rows) {
        prepare(rows.size());
        lifetime.acquire();
        try (InferenceMode inference = new InferenceMode(true)) {
            TorchBatch batch = batches.get(bucket(rows.size()));
            batch.set(rows);
            forward(batch);
            batch.finish(rows);
        } finally {
            lifetime.release();
        }
    }

    private void forward(TorchBatch batch) {
        try (IValue value = module.forward(batch.arguments()); Tensor result = value.toTensor()) {
            batch.requireShape(result);
            batch.output().copy_(result);
        }
    }

    @Override
    public void close() {
        if (lifetime.close()) {
            batches.values().forEach(TorchBatch::close);
            module.close();
        }
    }

    @Override
    public String toString() {
        return "model " + card.name();
    }
}
