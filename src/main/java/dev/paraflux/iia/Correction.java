package dev.paraflux.iia;

import dev.paraflux.check.Require;
import java.util.Objects;

/**
 * How steps are corrected.
 *
 * @param vectors by which vectors
 * @param history r, how many steps or evaluations further back they are taken from as well: 0 to
 *                {@link CorrectionVectors#maxHistory}
 */
public record Correction(CorrectionVectors vectors, int history) {
    /** Checks the history. */
    public Correction {
        Objects.requireNonNull(vectors, "vectors");
        Require.that(history >= 0 && history <= vectors.maxHistory(), "history", history,
                (vectors.maxHistory() == 0 ? "0" : "0 to " + vectors.maxHistory()) + " with vectors " + vectors);
    }

    /** By these vectors, with no history. */
    public static Correction by(CorrectionVectors vectors) {
        return new Correction(vectors, 0);
    }

    @Override
    public String toString() {
        return vectors.maxHistory() == 0 ? vectors.toString() : vectors + " with history " + history;
    }
}
