package dev.paraflux.plan;

import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import java.util.List;
import java.util.stream.Stream;

/**
 * A method that a plan can choose: one of the library's, as it is by default, or with a smaller window.
 *
 * @param name   one of {@link #NAMES}
 * @param window most rows at a time, 1 or more, of {@code picard} and {@code parataa}; 0 for what is the default
 */
public record Candidate(String name, int window) {
    /** Of all methods. */
    public static final List<String> NAMES = List.of("sequential", "srds", "sparse", "parataa", "picard", "chords");

    private static final int NARROW = 100;

    /** Checks the name and the window. */
    public Candidate {
        Require.oneOf(NAMES, "method", name);
        Require.atLeast(0, "window", window);
        Require.that(window == 0 || hasWindow(name), "window", window, "0 for " + name + ", which has none");
    }

    /** As it is by default. */
    public static Candidate of(String name) {
        return new Candidate(name, 0);
    }

    /** Those of a system of so many rows: ParaTAA also in a window of as few rows as a few cores have room for. */
    static List<Candidate> all(int rows) {
        Stream<Candidate> usual = NAMES.stream().map(Candidate::of);
        return (rows > NARROW ? Stream.concat(usual, Stream.of(new Candidate("parataa", NARROW))) : usual).toList();
    }

    private static boolean hasWindow(String name) {
        return name.equals("picard") || name.equals("parataa");
    }

    /** Whether it can have a smaller window. */
    boolean hasWindow() {
        return hasWindow(name);
    }

    Candidate withWindow(int rows) {
        return new Candidate(name, rows);
    }

    /** The method. */
    public Method method() {
        return switch (name) {
            case "sequential" -> new Sequential();
            case "srds" -> Srds.defaults();
            case "sparse" -> SparseParaTaa.defaults();
            case "parataa" -> window == 0 ? ParaTaa.defaults() : ParaTaa.defaults().withWindow(window);
            case "picard" -> window == 0 ? Picard.defaults() : Picard.defaults().withWindow(window);
            default -> Chords.defaults();
        };
    }

    /** For example {@code parataa} or {@code parataa, window 100}. */
    @Override
    public String toString() {
        return window == 0 ? name : name + ", window " + window;
    }
}
