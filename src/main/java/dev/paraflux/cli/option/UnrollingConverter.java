package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.method.window.Unrolling;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;

/** Reads a form of unrolling: {@code drift} or {@code integrating-factor}. */
final class UnrollingConverter implements ITypeConverter<Unrolling> {
    @Override
    public Unrolling convert(String word) {
        return Arrays.stream(Unrolling.values()).filter(form -> text(form).equalsIgnoreCase(word)).findFirst()
                .orElseThrow(() -> new IllegalValueException("unrolling", word, Arrays.stream(Unrolling.values())
                        .map(UnrollingConverter::text).collect(Collectors.joining(" or "))));
    }

    /** The word for a form. */
    static String text(Unrolling form) {
        return form.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
