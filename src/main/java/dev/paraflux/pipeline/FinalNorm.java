package dev.paraflux.pipeline;

import dev.paraflux.check.Require;

/**
 * The layer norm behind a text encoder's last layer, as its own answers tell it: no graph hands out its weights, but it makes
 * each feature an affine function of the normed one, and a text has many more tokens than that has unknowns. diffusers norms
 * the states of an earlier layer by it where {@code clip_skip} asks for them.
 */
final class FinalNorm {
    /** What a norm of other weights, or none, would miss by far, and float16 does not. */
    private static final double MOST_MISSED = 0.01;

    private final int width;
    private final double epsilon;
    private final double[] slopes;
    private final double[] offsets;
    private final double missed;

    private FinalNorm(int width, double epsilon, double[] slopes, double[] offsets, double missed) {
        this.width = width;
        this.epsilon = epsilon;
        this.slopes = slopes;
        this.offsets = offsets;
        this.missed = missed;
    }

    /**
     * The norm that made one of the other, by least squares over the tokens of each feature.
     *
     * @param before  states of the last layer, [tokens, width]
     * @param after   what became of them, likewise
     * @param epsilon that is added to the variance
     */
    static FinalNorm between(float[] before, float[] after, int width, double epsilon) {
        Require.length(before.length, "states", after.length);
        int tokens = before.length / width;
        double[] normed = normed(before, width, epsilon);
        double[] slopes = new double[width];
        double[] offsets = new double[width];
        double missed = 0;
        double largest = 0;
        for (int j = 0; j < width; j++) {
            double meanBefore = 0;
            double meanAfter = 0;
            for (int k = 0; k < tokens; k++) {
                meanBefore += normed[k * width + j] / tokens;
                meanAfter += after[k * width + j] / (double) tokens;
            }
            double both = 0;
            double square = 0;
            for (int k = 0; k < tokens; k++) {
                double off = normed[k * width + j] - meanBefore;
                both += off * (after[k * width + j] - meanAfter);
                square += off * off;
            }
            slopes[j] = square == 0 ? 0 : both / square;
            offsets[j] = meanAfter - slopes[j] * meanBefore;
            for (int k = 0; k < tokens; k++) {
                double found = slopes[j] * normed[k * width + j] + offsets[j];
                missed = Math.max(missed, Math.abs(found - after[k * width + j]));
                largest = Math.max(largest, Math.abs(after[k * width + j]));
            }
        }
        return new FinalNorm(width, epsilon, slopes, offsets, largest == 0 ? 0 : missed / largest);
    }

    /** Whether what it was made from are states before and after a layer norm. */
    boolean holds() {
        return missed <= MOST_MISSED;
    }

    /** Other states, normed by it. */
    float[] of(float[] states) {
        double[] normed = normed(states, width, epsilon);
        float[] values = new float[states.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (slopes[i % width] * normed[i] + offsets[i % width]);
        }
        return values;
    }

    private static double[] normed(float[] states, int width, double epsilon) {
        double[] normed = new double[states.length];
        for (int at = 0; at < states.length; at += width) {
            double mean = 0;
            for (int j = 0; j < width; j++) {
                mean += states[at + j] / (double) width;
            }
            double variance = 0;
            for (int j = 0; j < width; j++) {
                variance += (states[at + j] - mean) * (states[at + j] - mean) / width;
            }
            for (int j = 0; j < width; j++) {
                normed[at + j] = (states[at + j] - mean) / Math.sqrt(variance + epsilon);
            }
        }
        return normed;
    }
}
