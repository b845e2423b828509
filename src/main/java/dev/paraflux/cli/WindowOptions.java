package dev.paraflux.cli;

import static java.util.Objects.requireNonNullElse;

import dev.paraflux.method.FirstGuess;
import dev.paraflux.method.ParaTaa;
import dev.paraflux.method.Picard;
import picocli.CommandLine.Option;

/** The settings of the methods that keep a window of rows under way. */
final class WindowOptions {
    @Option(names = "--window", paramLabel = "ROWS",
            description = "Picard, ParaTAA: rows under way at once. Default: ${bundle:default.window}.")
    private Integer window;

    @Option(names = "--order", paramLabel = "ROWS",
            description = "ParaTAA: rows that a residual is unrolled over. Default: ${bundle:default.order}.")
    private Integer order;

    @Option(names = "--history", paramLabel = "N",
            description = "ParaTAA: iterates that are combined, 1 to 8; 1 is no acceleration. Default:"
                    + " ${bundle:default.history}.")
    private Integer history;

    @Option(names = "--ridge", paramLabel = "LAMBDA",
            description = "ParaTAA: added to the diagonal of the least squares. Default: ${bundle:default.ridge}.")
    private Double ridge;

    @Option(names = "--tolerance", paramLabel = "TOL",
            description = "Picard: a row has settled when it moves by at most so many times its noise scale. Default:"
                    + " ${bundle:default.tolerance}. ParaTAA: a row has converged when its residual, root mean square,"
                    + " is at most this, ... Default: ${bundle:default.absoluteTolerance}.")
    private Double tolerance;

    @Option(names = "--relative-tolerance", paramLabel = "TOL",
            description = "ParaTAA: ... or at most so many times its noise scale. Default:"
                    + " ${bundle:default.relativeTolerance}.")
    private Double relativeTolerance;

    @Option(names = "--first-guess", paramLabel = "GUESS", converter = FirstGuessConverter.class,
            description = "ParaTAA: what the rows are at first: copy (of the start noise), x0 (as the first row"
                    + " predicts it), or coarse[:STEPS] (big steps, ${bundle:default.coarseSteps} if not given)."
                    + " Default: ${bundle:default.firstGuess}.")
    private FirstGuess firstGuess;

    @Option(names = "--max-rounds", paramLabel = "N",
            description = "Picard, ParaTAA: rounds after which a sample is taken as it is. Default:"
                    + " ${bundle:default.maxRounds}.")
    private Integer maxRounds;

    /** With what was given; the rest as by default. */
    Picard picard() {
        Picard defaults = Picard.defaults();
        return new Picard(requireNonNullElse(window, defaults.window()),
                requireNonNullElse(tolerance, defaults.tolerance()),
                requireNonNullElse(maxRounds, defaults.maxRounds()));
    }

    /** With what was given; the rest as by default. */
    ParaTaa paraTaa() {
        ParaTaa defaults = ParaTaa.defaults();
        return defaults.withWindow(requireNonNullElse(window, defaults.window()))
                .withOrder(requireNonNullElse(order, defaults.order()))
                .withHistory(requireNonNullElse(history, defaults.history()))
                .withRidge(requireNonNullElse(ridge, defaults.ridge()))
                .withTolerances(requireNonNullElse(tolerance, defaults.absoluteTolerance()),
                        requireNonNullElse(relativeTolerance, defaults.relativeTolerance()))
                .withFirstGuess(requireNonNullElse(firstGuess, defaults.firstGuess()))
                .withMaxRounds(requireNonNullElse(maxRounds, defaults.maxRounds()));
    }
}
