package dev.paraflux.cli;

import dev.paraflux.method.ParaTaa;
import dev.paraflux.method.Picard;
import java.util.ListResourceBundle;

/** The methods' own defaults as words for the help of {@link MethodOptions}, which names them by these keys. */
final class MethodDefaults extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
        Picard picard = Picard.defaults();
        ParaTaa paraTaa = ParaTaa.defaults();
        return new Object[][] {
                {"default.window", both(picard.window(), paraTaa.window())},
                {"default.order", text(paraTaa.order(), "all of the window")},
                {"default.history", String.valueOf(paraTaa.history())},
                {"default.ridge", String.valueOf(paraTaa.ridge())},
                {"default.tolerance", String.valueOf(picard.tolerance())},
                {"default.absoluteTolerance", String.valueOf(paraTaa.absoluteTolerance())},
                {"default.relativeTolerance", String.valueOf(paraTaa.relativeTolerance())},
                {"default.firstGuess", FirstGuessConverter.text(paraTaa.firstGuess())},
                {"default.coarseSteps", String.valueOf(FirstGuessConverter.COARSE_STEPS)},
                {"default.maxRounds", both(picard.maxRounds(), paraTaa.maxRounds())}};
    }

    private static String both(int picard, int paraTaa) {
        String ofPicard = text(picard, "no limit");
        String ofParaTaa = text(paraTaa, "no limit");
        return ofPicard.equals(ofParaTaa) ? ofPicard : ofPicard + " (Picard), " + ofParaTaa + " (ParaTAA)";
    }

    private static String text(int value, String all) {
        return value == ParaTaa.ALL ? all : String.valueOf(value);
    }
}
