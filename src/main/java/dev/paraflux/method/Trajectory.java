package dev.paraflux.method;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All rows of one solved sample, for starting another run from it.
 *
 * @param levels the levels of rows 0 to N, two or more; copied
 * @param values the rows one after the other, all of one length; copied when it is made and when they are asked for
 */
public record Trajectory(List<NoiseLevel> levels, float[] values) {
    /** Checks the lengths. */
    public Trajectory {
        levels = List.copyOf(levels);
        Require.atLeast(2, "number of levels", levels.size());
        Require.that(values.length > 0 && values.length % levels.size() == 0, "number of values", values.length,
                "a multiple of the " + levels.size() + " levels, above 0");
        values = values.clone();
    }

    @Override
    public float[] values() {
        return values.clone();
    }

    /** The values themselves, to be read only. */
    float[] shared() {
        return values;
    }

    /** N, the index of the last row. */
    public int rows() {
        return levels.size() - 1;
    }

    /** Values in a row. */
    public int dim() {
        return values.length / levels.size();
    }

    static List<NoiseLevel> levels(TriangularSystem system) {
        return IntStream.rangeClosed(0, system.rows()).mapToObj(system::level).toList();
    }

    void requireFits(TriangularSystem system, int dim) {
        Require.length(dim, "a row of the warm start", dim());
        if (rows() != system.rows()) {
            throw new IllegalValueException("number of rows of the warm start", rows(), String.valueOf(system.rows()));
        }
        List<NoiseLevel> expected = levels(system);
        for (int i = 0; i < expected.size(); i++) {
            // The model is told the time, so that rows of another time are those of another trajectory.
            if (!expected.get(i).sameAs(levels.get(i)) || !expected.get(i).sameTimeAs(levels.get(i))) {
                throw new IllegalValueException("level of row " + i + " of the warm start", levels.get(i),
                        String.valueOf(expected.get(i)));
            }
        }
    }
}
