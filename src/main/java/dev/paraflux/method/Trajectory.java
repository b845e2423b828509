package dev.paraflux.method;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All rows of one solved sample, for starting another run from it.
 *
 * @param levels the levels of rows 0 to N
 * @param values the rows one after the other; not copied
 */
public record Trajectory(List<NoiseLevel> levels, float[] values) {

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
        if (dim() != dim) {
            throw new IllegalArgumentException("a warm start with rows of " + dim() + " values: must be " + dim);
        }
        if (rows() != system.rows()) {
            throw new IllegalArgumentException("a warm start of " + rows() + " rows: must be " + system.rows());
        }
        List<NoiseLevel> expected = levels(system);
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(levels.get(i))) {
                throw new IllegalArgumentException("a warm start on another grid: row " + i + " is at " + levels.get(i)
                        + ", must be " + expected.get(i));
            }
        }
    }
}
