package dev.paraflux.iia;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What values of coefficients may be. Messages begin with the key that the value has in a file of coefficients. */
final class Legal {
    private Legal() {}

    static void require(boolean legal, String key, Object value, String range) {
        if (!legal) {
            throw new IllegalArgumentException(key + " is " + value + ": must be " + range);
        }
    }

    /** An error, or a share. */
    static void requireSize(String key, double value) {
        require(value >= 0 && value < Double.POSITIVE_INFINITY, key, value, "0 or more, and finite");
    }

    static void requireGrid(String key, List<NoiseLevel> levels) {
        try {
            new TimeGrid(levels);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " is no grid: " + e.getMessage(), e);
        }
    }

    /** None, or as many as some step can have vectors: which one has how many, only its solver knows. */
    static void requireFactors(String key, List<Double> factors, Correction correction) {
        int[] counts = correction.vectors().counts(correction.history());
        boolean legal = IntStream.of(counts).anyMatch(count -> count == factors.size());
        String range = IntStream.of(counts).mapToObj(String::valueOf).collect(Collectors.joining(" or "));
        require(legal, key, factors.size() + " numbers", range + " with vectors " + correction);
    }
}
