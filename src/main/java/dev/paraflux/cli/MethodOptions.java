package dev.paraflux.cli;

import dev.paraflux.method.FirstGuess;
import dev.paraflux.method.Method;
import dev.paraflux.method.ParaTaa;
import dev.paraflux.method.Picard;
import dev.paraflux.method.Sequential;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The settings of the methods. What is not given is as the method's own defaults say; {@link MethodDefaults} too. */
final class MethodOptions {
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

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Refuses options that none of these methods has. */
    void requireUsedBy(Collection<MethodName> methods) {
        List<String> known = Arrays.stream(MethodName.values()).flatMap(method -> method.settings().stream()).toList();
        List<String> used = methods.stream().flatMap(method -> method.settings().stream()).distinct().toList();
        for (String option : known) {
            Object value = spec.findOption(option).getValue();
            if (value != null && !used.contains(option)) {
                String names = methods.stream().map(MethodName::text).collect(Collectors.joining(" and "));
                throw new IllegalArgumentException(option + ": " + names + (methods.size() == 1 ? " has" : " have")
                        + " no such setting, legal: " + (used.isEmpty() ? "none" : String.join(", ", used)));
            }
        }
    }

    /** The method with these settings, as far as it has them. */
    Method method(MethodName name) {
        return switch (name) {
            case SEQUENTIAL -> new Sequential();
            case PICARD -> picard(Picard.defaults());
            case PARATAA -> paraTaa(ParaTaa.defaults());
        };
    }

    private Picard picard(Picard defaults) {
        return new Picard(or(window, defaults.window()), or(tolerance, defaults.tolerance()),
                or(maxRounds, defaults.maxRounds()));
    }

    private ParaTaa paraTaa(ParaTaa defaults) {
        return defaults.withWindow(or(window, defaults.window()))
                .withOrder(or(order, defaults.order()))
                .withHistory(or(history, defaults.history()))
                .withRidge(or(ridge, defaults.ridge()))
                .withTolerances(or(tolerance, defaults.absoluteTolerance()),
                        or(relativeTolerance, defaults.relativeTolerance()))
                .withFirstGuess(or(firstGuess, defaults.firstGuess()))
                .withMaxRounds(or(maxRounds, defaults.maxRounds()));
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
