package dev.paraflux.cli.option;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.SparseParaTaa;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The settings of the methods. What is not given is as the method's own defaults say; {@link MethodDefaults} too. */
public final class MethodOptions {
    @Mixin
    private WindowOptions window;

    @Mixin
    private SparseOptions sparse;

    @Mixin
    private CoreOptions core;

    @Option(names = "--pixel-tolerance", paramLabel = "DISTANCE",
            description = "Picard, ParaTAA, sparse: how far from the sequential sample this one may end, root mean square of"
                    + " pixels of 0 to 255. SRDS, CHORDS: a refined sample is taken when its pixels changed by less than"
                    + " this on average. 0 is exact. Default: ${bundle:default.pixelTolerance}.")
    private Double pixelTolerance;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Refuses options that none of these methods has. */
    public void requireUsedBy(Collection<MethodName> methods) {
        requireUsed(methods.stream().flatMap(method -> method.settings().stream()).distinct().toList(),
                "--method " + methods.stream().map(MethodName::text).collect(Collectors.joining(" or ")));
    }

    /** Refuses all of them where something else that was typed chooses the method and its settings. */
    public void requireUnused(String typed) {
        requireUsed(List.of(), typed);
    }

    private void requireUsed(List<String> used, String typed) {
        // What was given is not what has a value: a flag that was not given is false.
        ParseResult given = spec.commandLine().getParseResult();
        for (String option : MethodName.allSettings()) {
            if (given.hasMatchedOption(option) && !used.contains(option)) {
                throw new ParameterException(spec.commandLine(), option + " is not used by " + typed
                        + (used.isEmpty() ? "" : "; what is used: " + String.join(", ", used)));
            }
        }
    }

    /** The method with these settings, as far as it has them. */
    public Method method(MethodName name) {
        return switch (name) {
            case SEQUENTIAL -> new Sequential();
            case PICARD -> window.picard(pixelTolerance);
            case PARATAA -> window.paraTaa(ParaTaa.defaults(), pixelTolerance);
            case SPARSE -> sparse.of(window.paraTaa(SparseParaTaa.defaults().paraTaa(), pixelTolerance));
            case SRDS -> core.srds(pixelTolerance);
            case CHORDS -> core.chords(pixelTolerance);
        };
    }
}
