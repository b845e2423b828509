package dev.paraflux.cli.option;

import dev.paraflux.model.Precision;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How {@code --precision} is written: {@code float32}, {@code float16}, {@code bfloat16}. */
final class Precisions implements ITypeConverter<Precision>, Iterable<String> {
    /** The precision of a name, if it is one. */
    static Optional<Precision> of(String text) {
        return Arrays.stream(Precision.values()).filter(precision -> precision.toString().equals(text)).findFirst();
    }

    @Override
    public Precision convert(String text) {
        return of(text).orElseThrow(() -> new TypeConversionException(
                "must be " + String.join(", ", names()) + ", but is " + text));
    }

    private static List<String> names() {
        return Arrays.stream(Precision.values()).map(Precision::toString).toList();
    }

    @Override
    public Iterator<String> iterator() {
        return names().iterator();
    }
}
