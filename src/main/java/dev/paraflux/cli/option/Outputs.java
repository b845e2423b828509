package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.AtomicFile;
import dev.paraflux.io.PictureFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Checks of a file that a command is to write, while nothing has been done yet. */
public final class Outputs {
    private static final Map<String, String> ENDINGS = Map.of("--save", ".npy", "fit --out", ".json", "--report",
            ".html", "plan --out",
            ".json");

    private Outputs() {}

    /** What writes a file. */
    public interface FileWriter {
        /** Writes it. */
        void write() throws IOException;
    }

    /** Writes what could be written before all the work: that it cannot be now is a failure, and not the user's fault. */
    public static void write(FileWriter writer) {
        try {
            writer.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Refuses a file that could not be written, or whose name says that it is something else.
     *
     * @param option that names it; with the command before it where it is not a picture
     * @param others that are read or written by the same command, by their options; null for those that are not
     */
    public static void check(String option, Path file, Map<String, Path> others) throws IOException {
        String typed = option.substring(option.lastIndexOf(' ') + 1);
        String ending = ENDINGS.get(option);
        if (ending == null) {
            PictureFile.requireEnding(typed, file);
        } else if (!file.toString().toLowerCase(Locale.ROOT).endsWith(ending)) {
            throw new IllegalValueException(typed, file.toString(), "the name of a file that ends in " + ending);
        }
        Typed.file(typed, file, () -> {
            AtomicFile.checkWritable(file);
            return file;
        });
        for (Map.Entry<String, Path> other : others.entrySet()) {
            if (other.getValue() != null && AtomicFile.same(file, other.getValue())) {
                throw new IllegalValueException(typed, file.toString(),
                        "another file than " + other.getKey() + " " + other.getValue());
            }
        }
    }
}
