package dev.paraflux.cli.option;

import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import java.util.ListResourceBundle;

/** The methods' own defaults as words for the help of {@link MethodOptions}, which names them by these keys. */
public final class MethodDefaults extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
        Picard picard = Picard.defaults();
        ParaTaa paraTaa = ParaTaa.defaults();
        SparseParaTaa sparse = SparseParaTaa.defaults();
        Srds srds = Srds.defaults();
        Chords chords = Chords.defaults();
        return new Object[][] {
                {"default.steps", WorkloadOptions.STEPS_BY_DEFAULT + ", to fit " + FitOptions.STEPS_BY_DEFAULT
                        + "; with --iia those of the file"},
                {"default.window",
                        picard.window() + " (Picard), all, if they take no more than " + (ParaTaa.MOST_BYTES >> 20)
                                + " MiB a sample (ParaTAA, sparse)"},
                {"default.order", MethodWords.count("order", paraTaa.order())},
                {"default.history", String.valueOf(paraTaa.history())},
                {"default.ridge", String.valueOf(paraTaa.ridge())},
                {"default.firstGuess", FirstGuessConverter.text(paraTaa.firstGuess())},
                {"default.coarseSteps", String.valueOf(FirstGuessConverter.COARSE_STEPS)},
                {"default.unrolling", UnrollingConverter.text(paraTaa.unrolling())},
                {"default.maxRounds",
                        ofWindows(MethodWords.count("maxRounds", picard.maxRounds()),
                                MethodWords.count("maxRounds", paraTaa.maxRounds()))},
                {"default.density", String.valueOf(sparse.density())},
                {"default.theta", String.valueOf(sparse.theta())},
                {"default.kappa", String.valueOf(sparse.kappa())},
                {"default.cap", MethodWords.count("cap", sparse.cap())},
                {"default.blocks", MethodWords.count("blocks", srds.blocks())},
                {"default.cores", String.valueOf(chords.starts().size())},
                {"most.cores", String.valueOf(Chords.MAX_CORES)},
                {"default.pixelTolerance",
                        pixels(Tolerance.defaults()) + " (Picard, ParaTAA, sparse), "
                                + ofCores(String.valueOf(srds.stop().tolerance()),
                                        String.valueOf(chords.stop().tolerance()))
                                + " (SRDS, CHORDS)"},
                {"default.maxRefinements", ofCores(MethodWords.count("maxRefinements", srds.maxRefinements()),
                        MethodWords.count("maxRefinements", chords.maxRefinements()))}};
    }

    private static String ofWindows(String picard, String paraTaa) {
        return both(picard, "Picard", paraTaa, "ParaTAA");
    }

    private static String ofCores(String srds, String chords) {
        return both(srds, "SRDS", chords, "CHORDS");
    }

    private static String both(String one, String name, String other, String otherName) {
        return one.equals(other) ? one : one + " (" + name + "), " + other + " (" + otherName + ")";
    }

    private static String pixels(Tolerance tolerance) {
        return String.valueOf(((Tolerance.Pixels) tolerance).distance());
    }
}
