package dev.paraflux.examples.bulk;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import java.util.Locale;

/** The methods, each with the settings that it has by default. */
enum MethodWord {
    SEQUENTIAL, PICARD, PARATAA, SPARSE, SRDS, CHORDS;

    /** The method. */
    Method method() {
        return switch (this) {
            case SEQUENTIAL -> new Sequential();
            case PICARD -> Picard.defaults();
            case PARATAA -> ParaTaa.defaults();
            case SPARSE -> SparseParaTaa.defaults();
            case SRDS -> Srds.defaults();
            case CHORDS -> Chords.defaults();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
