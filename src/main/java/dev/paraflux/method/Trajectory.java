package dev.paraflux.method;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.Objects;
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

    /** Writes a row, 0 to N, into a row of a buffer. */
    public void write(int i, Work work, Buffer into, int row) {
        work.write(values, Objects.checkIndex(i, levels.size()) * dim(), into, row);
    }

    /** N, the index of the last row. */
    public int rows() {
        return levels.size() - 1;
    }

    /** Values in a row. */
    public int dim() {
        return values.length / levels.size();
    }

    /** Rows of a system, 0 to N, one after the other. */
    public static Trajectory of(TriangularSystem system, float[] values) {
        return new Trajectory(levels(system), values);
    }

    private static List<NoiseLevel> levels(TriangularSystem system) {
        return IntStream.rangeClosed(0, system.rows()).mapToObj(system::level).toList();
    }

    /**
     * Checks that the rows are those of a run of a system.
     *
     * @param dim values in a row
     * @throws IllegalArgumentException if their number, their length or their levels are others
     */
    public void requireFits(TriangularSystem system, int dim) {
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
