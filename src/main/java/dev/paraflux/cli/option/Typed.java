package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.pipeline.PipelineFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine.ParseResult;

/**
 * Turns options into settings of the library, so that what the library refuses is called by the option that was typed and
 * not by the setting's own name.
 */
public final class Typed {
    private Typed() {}

    /** What reads a file that an option names, or reaches an address. */
    public interface FileReader<T> {
        /** Reads it. */
        T read() throws IOException;
    }

    /** Settings with an option's value; as they were, if the option was not given. */
    static <S, V> S with(S settings, String option, V value, BiFunction<S, V, S> setting) {
        return value == null ? settings : as(option, () -> setting.apply(settings, value));
    }

    /** What an option's value makes. */
    static <T> T as(String option, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalValueException e) {
            throw e.named(option);
        }
    }

    /** What an option's value makes together with other values, which may be refused as well, by their own names. */
    static <T> T setting(String name, String option, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalValueException e) {
            throw e.name().equals(name) ? e.named(option) : e;
        }
    }

    /** What is read from the file that an option names; null, if the option was not given. */
    public static <T> T file(String option, Object file, FileReader<T> reader) throws IOException {
        if (file == null) {
            return null;
        }
        try {
            return reached(option, reader);
        } catch (IllegalValueException e) {
            throw e.in(option);
        }
    }

    /** What is reached at the addresses that an option names; values that are refused keep the names that they have. */
    public static <T> T reached(String option, FileReader<T> reader) throws IOException {
        try {
            return reader.read();
        } catch (IOException e) {
            throw new IOException(option + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a file that an option names as a model, before it is loaded.
     *
     * @throws IOException if nothing runs it; the message names the option, and says what it is
     */
    public static void modelFile(String option, Path file) throws IOException {
        file(option, file, () -> ModelFile.backend(file));
    }

    /**
     * Reads the folder of a pipeline that an option names, before any part is loaded.
     *
     * @throws IOException if a file is missing; the message names the option
     */
    public static PipelineFolder pipeline(String option, Path folder) throws IOException {
        return file(option, folder, () -> PipelineFolder.read(folder));
    }

    /** For an option that another one, which was given too, leaves no room for. */
    static void requireAlone(String option, Object value, String other, Object otherValue) {
        if (value != null && otherValue != null) {
            throw new IllegalValueException(option, value, "left out where " + other + " is given");
        }
    }

    /**
     * What was refused long after the options were read, such as a setting that does not suit the model: by the name of the
     * option, if one of that name was given. {@code maxRounds} is {@code --max-rounds}.
     */
    public static IllegalValueException renamed(IllegalValueException refusal, ParseResult given) {
        String option = "--" + refusal.name().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        return refusal.place().isEmpty() && given != null && given.hasMatchedOption(option) ? refusal.named(option)
                : refusal;
    }
}
