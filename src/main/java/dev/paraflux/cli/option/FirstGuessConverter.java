package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.method.window.FirstGuess;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;

/** Reads a first guess: {@code copy}, {@code x0}, {@code coarse}, or {@code coarse:STEPS}. */
final class FirstGuessConverter implements ITypeConverter<FirstGuess> {
    static final int COARSE_STEPS = 5;
    private static final String COARSE = "coarse:";

    @Override
    public FirstGuess convert(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        return switch (word) {
            case "copy" -> FirstGuess.copy();
            case "x0" -> FirstGuess.frozenX0();
            case "coarse" -> FirstGuess.coarse(COARSE_STEPS);
            default -> coarse(text, word);
        };
    }

    private static FirstGuess coarse(String text, String word) {
        try {
            if (word.startsWith(COARSE)) {
                return FirstGuess.coarse(Integer.parseInt(word.substring(COARSE.length())));
            }
        } catch (IllegalArgumentException e) {
            // Not a number, or not a legal one: refused like every other word.
        }
        throw new IllegalValueException("first guess", text, "copy, x0, coarse, or coarse:STEPS with 1 step or more");
    }

    /** The word for a guess that can be given here. */
    static String text(FirstGuess guess) {
        if (guess instanceof FirstGuess.Rolled rolled) {
            return rolled.steps() == 1 ? "x0" : COARSE + rolled.steps();
        }
        return guess instanceof FirstGuess.Copy ? "copy" : guess.toString();
    }
}
