package dev.paraflux.iia;

import java.util.Arrays;

/** What the mean square errors of some samples say together. */
final class Errors {
    private Errors() {}

    /** Root mean square over all samples. */
    static double rms(double[] squares) {
        return Math.sqrt(Arrays.stream(squares).average().orElseThrow());
    }

    /** Whether the mean square fell, by more than the standard error of the samples' differences. */
    static boolean fell(double[] before, double[] after) {
        double mean = 0;
        for (int s = 0; s < before.length; s++) {
            mean += (before[s] - after[s]) / before.length;
        }
        double squares = 0;
        for (int s = 0; s < before.length; s++) {
            double difference = before[s] - after[s] - mean;
            squares += difference * difference;
        }
        double standardError = Math.sqrt(squares / (before.length - 1) / before.length);
        return mean > standardError && rms(after) < rms(before);
    }
}
