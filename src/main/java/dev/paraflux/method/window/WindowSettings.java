package dev.paraflux.method.window;

import dev.paraflux.solver.TriangularSystem;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What sets one fixed-point iteration over a sliding window apart from another.
 *
 * @param window     rows under way at once; {@link ParaTaa#ALL} for as many as there are and as memory has room for
 * @param order      rows that a residual is unrolled over
 * @param history    iterates that are combined, 1 for none
 * @param ridge      added to the diagonal of the least squares
 * @param safeguard  whether the first row that has not converged takes the plain update, and is final then
 * @param firstGuess what the rows are before the first round
 * @param maxRounds  rounds after which the run ends as it is
 * @param unrolling  how residuals are carried from row to row
 * @param tolerance  when a row is final
 * @param sparse     how few rows are evaluated; null for all of them
 */
record WindowSettings(int window, int order, int history, double ridge, boolean safeguard, FirstGuess firstGuess,
        int maxRounds, Unrolling unrolling, Tolerance tolerance, SparseParaTaa sparse) {
    private static final System.Logger LOG = System.getLogger("dev.paraflux");
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    /** Rows under way of such a system. */
    int rows(TriangularSystem system, int dim) {
        return Math.min(system.rows(), window == ParaTaa.ALL ? fitting(dim) : window);
    }

    /**
     * How many rows a sample's memory has room for: states, predictions, and of each round a residual and a map; in sparse
     * rounds also what x0 is taken to be predicted.
     */
    private int fitting(int dim) {
        long bytes = (2L * history + (sparse == null ? 2 : 3)) * dim * Float.BYTES;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(ParaTaa.LEAST_OF_ALL, ParaTaa.MOST_BYTES / bytes));
    }

    /** Says once if memory is what keeps rows out of the window. */
    void tellOfLimit(TriangularSystem system, int dim) {
        int rows = rows(system, dim);
        if (window == ParaTaa.ALL && rows < system.rows() && TOLD.add(rows + " of " + system.rows())) {
            LOG.log(System.Logger.Level.WARNING,
                    "{0} rows of {1} values are solved in a window of {2}: more would take over {3} MiB a sample. That takes more"
                            + " rounds; a window of its own is taken as it is, as withWindow({0})",
                    String.valueOf(system.rows()), String.valueOf(dim), String.valueOf(rows),
                    String.valueOf(ParaTaa.MOST_BYTES >> 20));
        }
    }
}
