package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.RowProgram;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One row of equation (1), its terms in ascending order of the rows that they are of.
 *
 * @param level             where the row is
 * @param parent            the row that it continues from
 * @param parentFactor      of the parent's state
 * @param predictions       the rows whose outputs it takes, ...
 * @param predictionFactors ... and so much of each
 * @param states            the other rows whose states it takes, ...
 * @param stateFactors      ... and so much of each
 * @param noise             factor of its own noise
 * @param drawn             whether noise is drawn for it, be it taken or not
 */
record SystemRow(NoiseLevel level, int parent, double parentFactor, int[] predictions, double[] predictionFactors,
        int[] states, double[] stateFactors, double noise, boolean drawn) {
    /** Row 0, which is given. */
    static SystemRow first(NoiseLevel level) {
        return of(level, 0, new TreeMap<>(), new TreeMap<>(), 0, false);
    }

    /** Of factors by row; a factor of 0 is no term. */
    static SystemRow of(NoiseLevel level, int parent, SortedMap<Integer, Double> states,
            SortedMap<Integer, Double> predictions, double noise, boolean drawn) {
        SortedMap<Integer, Double> others = new TreeMap<>(states);
        Double parentFactor = others.remove(parent);
        return new SystemRow(level, parent, parentFactor == null ? 0 : parentFactor, rows(predictions),
                factors(predictions), rows(others), factors(others), noise, drawn || noise != 0);
    }

    private static int[] rows(SortedMap<Integer, Double> terms) {
        return terms.entrySet().stream().filter(term -> term.getValue() != 0).mapToInt(Map.Entry::getKey).toArray();
    }

    private static double[] factors(SortedMap<Integer, Double> terms) {
        return terms.values().stream().mapToDouble(Double::doubleValue).filter(factor -> factor != 0).toArray();
    }

    /**
     * Checks that a kernel can take the row.
     *
     * @param index of the row, for the message
     * @throws IllegalValueException if it has too many terms, or a factor is not finite
     */
    void requireLegal(int index) {
        int terms = 1 + predictions.length + states.length + (noise != 0 ? 1 : 0);
        if (terms > RowProgram.MAX_TERMS) {
            throw new IllegalValueException("number of terms of row " + index, terms,
                    "at most " + RowProgram.MAX_TERMS);
        }
        String name = "coefficient of row " + index;
        Require.finite(name, parentFactor);
        Require.finite(name, noise);
        for (double factor : predictionFactors) {
            Require.finite(name, factor);
        }
        for (double factor : stateFactors) {
            Require.finite(name, factor);
        }
    }
}
