package dev.paraflux.schedule;

import dev.paraflux.check.Require;

/**
 * The range that the predicted sample x0 is kept in.
 *
 * @param percentile share of the values of a row that stay below the limit, 0 to 1; NaN where the limit is fixed
 * @param most       the limit where it is fixed, above 0; else the largest one, 1 or more. Infinite for {@link #NONE}
 *                   alone
 */
public record X0Limit(double percentile, double most) {
    /** Any x0 is legal. */
    public static final X0Limit NONE = new X0Limit(Double.NaN, Double.POSITIVE_INFINITY);

    /** Checks the numbers. */
    public X0Limit {
        boolean dynamic = !Double.isNaN(percentile);
        if (dynamic) {
            Require.between(0.0, 1.0, "percentile", percentile);
            Require.that(most >= 1 && most < Double.POSITIVE_INFINITY, "maxRange", most, "1 or more, and finite");
        } else {
            Require.that(most > 0, "limit", most, "above 0, and finite");
        }
    }

    /**
     * Magnitudes up to a fixed limit: {@code clip_sample} with {@code clip_sample_range}.
     *
     * @param limit above 0, finite
     * @throws IllegalArgumentException if it is outside
     */
    public static X0Limit at(double limit) {
        return new X0Limit(Double.NaN, Require.positive("limit", limit));
    }

    /**
     * Dynamic thresholding: {@code thresholding} with {@code dynamic_thresholding_ratio} and {@code sample_max_value}.
     *
     * @param percentile 0 to 1
     * @param maxRange   1 or more, finite
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static X0Limit dynamic(double percentile, double maxRange) {
        return new X0Limit(Require.between(0.0, 1.0, "percentile", percentile), maxRange);
    }
}
