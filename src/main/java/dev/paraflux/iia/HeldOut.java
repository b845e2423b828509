package dev.paraflux.iia;

import dev.paraflux.method.core.Sequential;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Seeds that nothing is fitted to, and where the fine steps take them. */
final class HeldOut implements AutoCloseable {
    /** More than any mean square of floats, and little enough to be summed. */
    static final double DIVERGED = 1e300;

    private final SeededRuns runs;
    private final KeptRows kept;
    private final List<float[]> ends = new ArrayList<>();

    /**
     * Draws the fine samples.
     *
     * @param fine the fine steps
     * @param rows of the coarse system
     */
    HeldOut(SeededRuns runs, TriangularSystem fine, int rows) {
        this.runs = runs;
        kept = new KeptRows(rows + 1, runs.most());
        runs.run(fine, new Sequential(), ends::add);
    }

    /**
     * Of each seed, the mean square of how far a system's sample is from the fine one.
     *
     * @param first the first row that is another than in the system before; 0 for the first system
     */
    double[] errors(TriangularSystem system, int first) {
        double[] errors = new double[ends.size()];
        int[] next = new int[1];
        runs.resume(system, kept, first, system.rows(), null, end -> {
            float[] fine = ends.get(next[0]);
            double squares = 0;
            for (int e = 0; e < end.length; e++) {
                double difference = (double) end[e] - fine[e];
                squares += difference * difference;
            }
            errors[next[0]++] = squares / end.length;
        });
        return errors;
    }

    /** The same of a candidate, which may diverge: then all its errors are {@link #DIVERGED}. */
    double[] errorsOfCandidate(TriangularSystem system, int first) {
        try {
            return errors(system, first);
        } catch (DivergedException e) {
            double[] errors = new double[ends.size()];
            Arrays.fill(errors, DIVERGED);
            return errors;
        }
    }

    @Override
    public void close() {
        kept.close();
    }
}
