package dev.paraflux.cli.option;

import dev.paraflux.check.Require;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model that is held beside the one that {@code --model} names.
 *
 * @param text      as it was typed
 * @param precision the same file with other numbers inside; null for another file
 * @param file      another file; null for the same
 */
public record Beside(String text, Precision precision, Path file) {
    static final String OPTION = "--beside";

    /**
     * Of what was typed: the name of a precision, or else a file.
     *
     * @param card the model's that it is held beside
     * @throws IOException              if the file is not there, or no model with a card
     * @throws IllegalArgumentException if its samples have another shape
     */
    public static Beside of(String text, ModelCard card) throws IOException {
        Optional<Precision> precision = Arrays.stream(Precision.values())
                .filter(one -> one.toString().equalsIgnoreCase(text)).findFirst();
        if (precision.isPresent()) {
            return new Beside(text, precision.get(), null);
        }
        Path file = Path.of(text);
        Require.that(Files.isRegularFile(file), OPTION, text,
                "a precision, float32, float16 or bfloat16, or a model file"
                        + " that is there");
        Typed.modelFile(OPTION, file);
        List<Integer> shape = Typed.file(OPTION, file, () -> ModelCard.read(ModelCard.beside(file))).shape();
        Require.that(shape.equals(card.shape()), OPTION, text, "a model of samples " + card.shape()
                + ", as model " + card.name() + " has; it has " + shape);
        return new Beside(text, null, file);
    }

    /** What lines of tables call it. */
    @Override
    public String toString() {
        return file == null ? text : file.getFileName().toString();
    }
}
