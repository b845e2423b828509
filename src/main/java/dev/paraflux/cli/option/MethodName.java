package dev.paraflux.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The methods by name, and which of the settings each has. */
public enum MethodName {
    SEQUENTIAL(List.of()),
    PICARD(List.of("--window", "--pixel-tolerance", "--unrolling", "--max-rounds")),
    PARATAA(List.of("--window", "--order", "--history", "--ridge", "--pixel-tolerance", "--first-guess",
            "--unrolling", "--max-rounds")),
    SPARSE(Stream.concat(PARATAA.settings.stream(), Stream.of("--density", "--theta", "--kappa", "--cap")).toList()),
    SRDS(List.of("--blocks", "--barrier", "--pixel-tolerance", "--max-refinements")),
    CHORDS(List.of("--cores", "--starts", "--pixel-tolerance", "--max-refinements"));

    private final List<String> settings;

    MethodName(List<String> settings) {
        this.settings = settings;
    }

    /** The options of {@link MethodOptions} that mean something to this method. */
    List<String> settings() {
        return settings;
    }

    /** Those of all methods. */
    static List<String> allSettings() {
        return Arrays.stream(values()).flatMap(method -> method.settings.stream()).distinct().toList();
    }

    /** Whether it gives an answer early and refines it. */
    public boolean refines() {
        return this == SRDS || this == CHORDS;
    }

    /** Whether it is ParaTAA, in whatever rounds. */
    public boolean accelerates() {
        return this == PARATAA || this == SPARSE;
    }

    /** The one of this name, as {@link #text}. */
    public static MethodName of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** As it is written and printed. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
