package dev.paraflux.model.torch;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.model.ModelException;
import java.nio.file.Path;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;

/** Tries a module on what its card says that it takes, and says in a sentence where the two differ. */
final class TorchProbe {
    private final JitModule module;
    private final ModelCard card;
    private final Path file;

    TorchProbe(JitModule module, ModelCard card, Path file) {
        this.module = module;
        this.card = card;
        this.file = file;
    }

    /**
     * Evaluates a row at label 0, the highest and the null label.
     *
     * @throws IllegalValueException naming what the card and the module do not agree on
     * @throws ModelException        if the module's own code raises an error
     */
    @SuppressWarnings("try") // The guard works by being open.
    void run() {
        TorchLibrary.useThreads();
        try (InferenceMode inference = new InferenceMode(true);
                TorchRows padded = new TorchRows(Device.cpu(), card.dim());
                TorchBatch row = new TorchBatch(card, padded, 1)) {
            tryRow(row);
            if (card.input() == ModelCard.Input.LABEL) {
                tryLabel(row, card.labels() - 1, "labels", card.labels());
                if (card.nullLabel() != ModelCard.NO_NULL_LABEL) {
                    tryLabel(row, card.nullLabel(), "nullLabel", card.nullLabel());
                }
            }
        }
    }

    private void tryRow(TorchBatch row) {
        row.setIdle(0);
        try {
            forward(row, row.arguments());
        } catch (ModelException e) {
            throw illegal(e.getMessage(), e);
        } catch (RuntimeException e) {
            requireNotRaised(e);
            if (takesWholeTimes(row)) {
                throw illegal("it takes t as int64, and is given float32 [batch]: cast it in forward, t = t.long()", e);
            }
            throw illegal(TorchWords.of(e), e);
        }
    }

    private void tryLabel(TorchBatch row, int label, String name, int value) {
        row.setIdle(label);
        try {
            forward(row, row.arguments());
        } catch (ModelException e) {
            throw illegal("at label " + label + " " + e.getMessage(), e);
        } catch (RuntimeException e) {
            requireNotRaised(e);
            throw withoutTrace(new IllegalValueException(name, value,
                    "within what the module takes: it fails at label " + label + ": " + TorchWords.of(e))
                    .in("card of model " + file), e);
        }
    }

    private boolean takesWholeTimes(TorchBatch row) {
        try {
            forward(row, row.withWholeTimes());
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void forward(TorchBatch row, IValueVector arguments) {
        try (IValue answer = module.forward(arguments)) {
            row.take(answer);
        }
    }

    private void requireNotRaised(RuntimeException e) {
        if (TorchWords.areRaised(e)) {
            throw withoutTrace(new ModelException("model " + file + " fails: " + TorchWords.of(e)), e);
        }
    }

    private IllegalValueException illegal(String why, RuntimeException e) {
        return withoutTrace(new IllegalValueException("model", file, "a module that does what its card says (shape "
                + card.shape() + ", inputs " + card.input() + "): " + why), e);
    }

    /** What libtorch says at length is for developers alone, and not among the causes, which messages tell. */
    private static <E extends RuntimeException> E withoutTrace(E failure, RuntimeException told) {
        failure.addSuppressed(told);
        return failure;
    }
}
