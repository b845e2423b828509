package dev.paraflux.plan;

import dev.paraflux.check.Require;
import java.util.Objects;

/**
 * What a method is expected to take. All but {@link #excluded} are means over the samples that were drawn to find out; NaN, or 0
 * of bytes, where it was not tried.
 *
 * @param candidate   the method
 * @param rounds      batched model calls of a sample
 * @param evaluations model evaluations of a sample
 * @param modelRows   model rows of them; twice as many where guidance needs both halves
 * @param seconds     wall time of a sample, or of each of those that are drawn at once: its model calls by the
 *                    {@link ModelCost}, and what the rest took
 * @param bytes       of its rows, for each sample under way, outside the Java heap
 * @param distance    root mean square of how far its picture ends from the sequential sample's, of values in [-1, 1]
 * @param excluded    why it cannot be chosen, beginning with a lower-case letter; empty if it can
 */
public record Forecast(Candidate candidate, double rounds, double evaluations, double modelRows, double seconds,
        long bytes, double distance, String excluded) {
    /** Checks that a method that can be chosen was tried. */
    public Forecast {
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(excluded, "excluded");
        Require.that(bytes >= 0, "bytes", bytes, "0 or more");
        if (excluded.isEmpty()) {
            Require.positive("seconds", seconds);
            Require.positive("modelRows", modelRows);
        }
    }

    static Forecast excluded(Candidate candidate, long bytes, String why) {
        return new Forecast(candidate, Double.NaN, Double.NaN, Double.NaN, Double.NaN, bytes, Double.NaN, why);
    }

    Forecast excluded(String why) {
        return new Forecast(candidate, rounds, evaluations, modelRows, seconds, bytes, distance, why);
    }

    /** Whether it can be chosen. */
    public boolean isChoice() {
        return excluded.isEmpty();
    }

    /** What a target makes small. */
    double of(Target target) {
        return target == Target.ENERGY ? modelRows : seconds;
    }
}
