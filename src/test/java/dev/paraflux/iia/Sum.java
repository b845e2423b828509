package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.RecordedRow;
import dev.paraflux.solver.TriangularSystem;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A vector written by hand: a sum of states and of a model's outputs, by row. The rows' levels are those of a system. */
final class Sum {
    final Map<Integer, Double> states = new TreeMap<>();
    final Map<Integer, Double> outputs = new TreeMap<>();
    private final TriangularSystem system;

    Sum(TriangularSystem system) {
        this.system = system;
    }

    /** The right side of a row. */
    static Sum ofRow(TriangularSystem system, int row) {
        RecordedRow recorded = new RecordedRow(system, row);
        Sum sum = new Sum(system);
        sum.states.putAll(recorded.states);
        sum.outputs.putAll(recorded.predictions);
        assertEquals(0, recorded.noise);
        return sum;
    }

    Sum state(int row, double factor) {
        states.merge(row, factor, Double::sum);
        return this;
    }

    Sum output(int row, double factor) {
        outputs.merge(row, factor, Double::sum);
        return this;
    }

    /** D = alpha x0, from x = alpha x0 + sigma eps and what the output stands for. */
    Sum denoised(int row, double factor) {
        NoiseLevel at = system.level(row);
        return switch (system.prediction()) {
            case EPSILON -> state(row, factor).output(row, -factor * at.sigma());
            case SAMPLE -> output(row, factor * at.alpha());
            case VELOCITY -> {
                double share = factor * at.alpha() / (at.alpha() * at.alpha() + at.sigma() * at.sigma());
                yield state(row, share * at.alpha()).output(row, -share * at.sigma());
            }
            case FLOW -> throw new IllegalArgumentException(Prediction.FLOW.toString());
        };
    }

    Sum x0(int row, double factor) {
        return denoised(row, factor / system.level(row).alpha());
    }

    /** (x - D) / sigma. */
    Sum epsilon(int row, double factor) {
        double sigma = system.level(row).sigma();
        return state(row, factor / sigma).denoised(row, -factor / sigma);
    }

    /** So much of another one. */
    Sum plus(double factor, Sum other) {
        other.states.forEach((row, value) -> state(row, factor * value));
        other.outputs.forEach((row, value) -> output(row, factor * value));
        return this;
    }

    /** The same with a row's right side in place of its state. */
    Sum substitute(int row) {
        Double factor = states.remove(row);
        return factor == null ? this : plus(factor, ofRow(system, row));
    }

    /** Compares all coefficients, to a share of the largest. */
    void requireEqual(Sum actual, double tolerance, String what) {
        requireEqual(states, actual.states, tolerance, what + ", states");
        requireEqual(outputs, actual.outputs, tolerance, what + ", outputs");
    }

    private static void requireEqual(Map<Integer, Double> expected, Map<Integer, Double> actual, double tolerance,
            String what) {
        TreeSet<Integer> rows = new TreeSet<>(expected.keySet());
        rows.addAll(actual.keySet());
        double largest = expected.values().stream().mapToDouble(Math::abs).max().orElse(0);
        for (int row : rows) {
            assertEquals(expected.getOrDefault(row, 0.0), actual.getOrDefault(row, 0.0),
                    tolerance * Math.max(1, largest), what + ": row " + row);
        }
    }
}
