package dev.paraflux.method.window;

import dev.paraflux.solver.TriangularSystem;

/**
 * What sets one fixed-point iteration over a sliding window apart from another.
 *
 * @param window     rows under way at once
 * @param order      rows that a residual is unrolled over
 * @param history    iterates that are combined, 1 for none
 * @param ridge      added to the diagonal of the least squares
 * @param safeguard  whether the first row that has not converged takes the plain update, and is final then
 * @param firstGuess what the rows are before the first round
 * @param maxRounds  rounds after which the run ends as it is
 * @param unrolling  how residuals are carried from row to row
 * @param tolerance  whether a row has converged
 * @param sparse     how few rows are evaluated; null for all of them
 */
record WindowSettings(int window, int order, int history, double ridge, boolean safeguard, FirstGuess firstGuess,
        int maxRounds, Unrolling unrolling, Tolerance tolerance, SparseParaTaa sparse) {

    /** Whether a row has converged. */
    interface Tolerance {
        /**
         * From the mean squares of its first-order residual and of its unrolled one, each with what it comes to by the
         * rounding of the model alone.
         */
        boolean met(TriangularSystem system, int row, double meanSquare, double floor, double meanSquareUnrolled,
                double floorUnrolled);
    }
}
