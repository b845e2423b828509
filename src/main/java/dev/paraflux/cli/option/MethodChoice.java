package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;

/**
 * The method that was asked for, or none: then a plan chooses it.
 *
 * @param name empty for {@code auto}
 */
public record MethodChoice(Optional<MethodName> name) {
    private static final String AUTO = "auto";

    /** The names that can be given, for the help. */
    public static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return words().iterator();
        }
    }

    /** Reads one, in capitals or not. */
    public static final class Converter implements ITypeConverter<MethodChoice> {
        @Override
        public MethodChoice convert(String text) {
            String word = text.toLowerCase(Locale.ROOT);
            if (!words().contains(word)) {
                throw new IllegalValueException("method", text, "one of " + String.join(", ", words()));
            }
            return new MethodChoice(
                    Arrays.stream(MethodName.values()).filter(name -> name.text().equals(word)).findFirst());
        }
    }

    /** As it is written. */
    @Override
    public String toString() {
        return name.map(MethodName::text).orElse(AUTO);
    }

    private static List<String> words() {
        return Stream.concat(Arrays.stream(MethodName.values()).map(MethodName::text), Stream.of(AUTO)).toList();
    }
}
