package dev.paraflux.fuzz;

import dev.paraflux.device.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A row of a program as plain Java runs it, to the bit. */
final class PlainRow {
    final Place output;
    final List<Term> terms = new ArrayList<>();
    boolean copied;
    Sum sum;
    Place before;
    float seenLow;
    float seenHigh;
    Place mask;
    Place shown;
    double divisor;
    double low;
    double high;

    /** A row of a buffer object, which may have been replaced by another since. */
    record Place(int place, Buffer buffer, int row) {
        float[] values(Rows rows) {
            return rows.values(place, row);
        }
    }

    record Term(double coefficient, Place input) {}

    /** How a sum of a row's values is asked for. */
    enum Sum {
        SQUARES, TOTAL, COMPARE
    }

    PlainRow(Place output) {
        this.output = output;
    }

    /** Runs a row in plain Java; its sum, or null. */
    Double run(Rows rows) {
        int dim = terms.get(0).input.values(rows).length;
        double[] summands = new double[dim];
        for (int e = 0; e < dim; e++) {
            double value = combination(rows, e);
            summands[e] = sum == Sum.SQUARES ? value * value : value;
            if (output != null) {
                float stored = stored(rows, value, e);
                if (sum == Sum.COMPARE) {
                    summands[e] = Math.abs(seen(stored) - seen(before.values(rows)[e]));
                }
                output.values(rows)[e] = stored;
            }
        }
        return sum == null ? null : inOrder(summands);
    }

    /** Begun with the first product, whose -0 the kernel keeps. */
    private double combination(Rows rows, int e) {
        double all = terms.get(0).coefficient * terms.get(0).input.values(rows)[e];
        for (int k = 1; k < terms.size(); k++) {
            all += terms.get(k).coefficient * terms.get(k).input.values(rows)[e];
        }
        return all;
    }

    private float stored(Rows rows, double value, int e) {
        if (copied) {
            return terms.get(0).input.values(rows)[e];
        }
        if (mask != null) {
            double share = mask.values(rows)[e];
            return (float) (share * value + (1 - share) * shown.values(rows)[e]);
        }
        if (divisor != 0 && Double.isFinite(value)) {
            // Not Math.max, for which -0 is less than 0.
            return (float) ((value < low ? low : value > high ? high : value) / divisor);
        }
        return (float) value;
    }

    private double seen(float value) {
        return Math.min(Math.max(value, seenLow), seenHigh);
    }

    /** Of fewer values than there are lanes: folded in halves. */
    private static double inOrder(double[] values) {
        double[] lanes = java.util.Arrays.copyOf(values, 256);
        for (int half = 128; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }
}
