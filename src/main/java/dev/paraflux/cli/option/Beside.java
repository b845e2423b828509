package dev.paraflux.cli.option;

import dev.paraflux.model.Precision;
import java.nio.file.Path;
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

    /** Of what was typed: the name of a precision, or else a file. */
    public static Beside of(String text) {
        Optional<Precision> precision = Precisions.of(text);
        return new Beside(text, precision.orElse(null), precision.isPresent() ? null : Path.of(text));
    }

    /** What lines of tables call it. */
    @Override
    public String toString() {
        return file == null ? text : file.getFileName().toString();
    }
}
