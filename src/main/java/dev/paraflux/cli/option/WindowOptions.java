package dev.paraflux.cli.option;

import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import picocli.CommandLine.Option;

/** The settings of the methods that keep a window of rows under way. */
final class WindowOptions {
    @Option(names = "--window", paramLabel = "ROWS",
            description = "Picard, ParaTAA, sparse: rows under way at once. Default: ${bundle:default.window}.")
    private Integer window;

    @Option(names = "--order", paramLabel = "ROWS",
            description = "ParaTAA, sparse: rows that a residual is unrolled over. Default: ${bundle:default.order}.")
    private Integer order;

    @Option(names = "--history", paramLabel = "N",
            description = "ParaTAA, sparse: iterates that are combined, 1 to 8; 1 is no acceleration. Default:"
                    + " ${bundle:default.history}.")
    private Integer history;

    @Option(names = "--ridge", paramLabel = "LAMBDA",
            description = "ParaTAA, sparse: added to the diagonal of the least squares. Default: ${bundle:default.ridge}.")
    private Double ridge;

    @Option(names = "--first-guess", paramLabel = "GUESS", converter = FirstGuessConverter.class,
            description = "ParaTAA, sparse: what the rows are at first: copy (of the start noise), x0 (as the first row"
                    + " predicts it), or coarse[:STEPS] (big steps, ${bundle:default.coarseSteps} if not given)."
                    + " Default: ${bundle:default.firstGuess}.")
    private FirstGuess firstGuess;

    @Option(names = "--unrolling", paramLabel = "FORM", converter = UnrollingConverter.class,
            description = "Picard, ParaTAA, sparse: how residuals are carried from row to row: drift (the sum of steps),"
                    + " integrating-factor (the form of ParaTAA's paper), or gaussian (between them). Default:"
                    + " ${bundle:default.unrolling}.")
    private Unrolling unrolling;

    @Option(names = "--max-rounds", paramLabel = "N",
            description = "Picard, ParaTAA, sparse: rounds after which a sample is taken as it is. Default:"
                    + " ${bundle:default.maxRounds}.")
    private Integer maxRounds;

    /**
     * With what was given; the rest as by default.
     *
     * @param pixels tolerance; null if it was not given
     */
    Picard picard(Double pixels) {
        Picard method = Typed.with(Picard.defaults(), "--window", window, Picard::withWindow);
        method = Typed.with(method, "--pixel-tolerance", pixels,
                (picard, distance) -> picard.withTolerance(Tolerance.pixels(distance)));
        method = Typed.with(method, "--max-rounds", maxRounds, Picard::withMaxRounds);
        return Typed.with(method, "--unrolling", unrolling, Picard::withUnrolling);
    }

    /**
     * With what was given; the rest as it is.
     *
     * @param pixels tolerance; null if it was not given
     */
    ParaTaa paraTaa(ParaTaa otherwise, Double pixels) {
        ParaTaa method = otherwise;
        method = Typed.with(method, "--window", window, ParaTaa::withWindow);
        method = Typed.with(method, "--order", order, ParaTaa::withOrder);
        method = Typed.with(method, "--history", history, ParaTaa::withHistory);
        method = Typed.with(method, "--ridge", ridge, ParaTaa::withRidge);
        method = Typed.with(method, "--pixel-tolerance", pixels,
                (paraTaa, distance) -> paraTaa.withTolerance(Tolerance.pixels(distance)));
        method = Typed.with(method, "--first-guess", firstGuess, ParaTaa::withFirstGuess);
        method = Typed.with(method, "--max-rounds", maxRounds, ParaTaa::withMaxRounds);
        return Typed.with(method, "--unrolling", unrolling, ParaTaa::withUnrolling);
    }
}
