package dev.paraflux.method.window;

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
 * @param tolerance  when a row is final
 * @param sparse     how few rows are evaluated; null for all of them
 */
record WindowSettings(int window, int order, int history, double ridge, boolean safeguard, FirstGuess firstGuess,
        int maxRounds, Unrolling unrolling, Tolerance tolerance, SparseParaTaa sparse) {}
