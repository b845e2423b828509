package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.ModelException;
import java.nio.file.Path;
import java.util.Optional;

/** Tries a model on what its card says that it takes, and says in a sentence where the two differ. */
final class Probe {
    private final LoadedModel model;
    private final ModelCard card;
    private final Path file;

    Probe(LoadedModel model, ModelCard card, Path file) {
        this.model = model;
        this.card = card;
        this.file = file;
    }

    /**
     * Evaluates as few rows as it takes, at label 0, the highest and the null label.
     *
     * @throws IllegalValueException naming what the card and the model do not agree on
     * @throws ModelException        if the model's own code raises an error
     */
    void run() {
        try (Part part = new Part(model, card)) {
            tryRow(part);
            Optional<ModelInput> label = card.label();
            if (label.isPresent()) {
                ModelInput input = label.get();
                boolean shortForm = card.labels() > 0 && input.name().equals("label");
                tryLabel(part, input.classes() - 1, shortForm ? "labels" : "classes", input.classes());
                if (input.nullValue().isPresent()) {
                    int nullLabel = input.nullValue().getAsInt();
                    tryLabel(part, nullLabel, shortForm ? "nullLabel" : "null", nullLabel);
                }
            }
        }
    }

    private void tryRow(Part part) {
        try {
            part.evaluateIdle(1);
        } catch (RefusedCall e) {
            String hint = part.hint(1);
            throw illegal(hint.isEmpty() ? e.getMessage() : hint, e);
        }
    }

    private void tryLabel(Part part, int label, String name, int value) {
        try {
            part.evaluateIdle(1, label, 0);
        } catch (RefusedCall e) {
            if (e.isOfAnswer()) {
                throw illegal("at label " + label + " " + e.getMessage(), e);
            }
            throw withoutTrace(new IllegalValueException(name, value,
                    "within what the model takes: it fails at label " + label + ": " + e.getMessage())
                    .in("card of model " + file), e);
        }
    }

    private IllegalValueException illegal(String why, RuntimeException e) {
        return withoutTrace(new IllegalValueException("model", file, "a model that does what its card says (shape "
                + card.shape() + ", inputs " + card.inputNames() + "): " + why), e);
    }

    /** What a runtime says at length is for developers alone, and not among the causes, which messages tell. */
    private static <E extends RuntimeException> E withoutTrace(E failure, RuntimeException told) {
        for (Throwable suppressed : told.getSuppressed()) {
            failure.addSuppressed(suppressed);
        }
        return failure;
    }
}
