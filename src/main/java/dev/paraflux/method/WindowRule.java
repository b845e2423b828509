package dev.paraflux.method;

import dev.paraflux.solver.TriangularSystem;

/** What sets one fixed-point iteration over a sliding window apart from another. */
interface WindowRule {
    /** Rows under way at once. */
    int window();

    /** Rows that a residual is unrolled over. */
    int order();

    /** Iterates that are combined, 1 for none. */
    int history();

    /** Added to the diagonal of the least squares. */
    double ridge();

    /** Whether the first row that has not converged takes the plain update, and is final then. */
    boolean safeguard();

    /** What the rows are before the first round. */
    FirstGuess firstGuess();

    /** Rounds after which the run ends as it is. */
    int maxRounds();

    /** How residuals are carried from row to row. */
    Unrolling unrolling();

    /** Whether a row has converged, from the mean squares of its first-order residual and of its unrolled one. */
    boolean converged(TriangularSystem system, int row, double meanSquare, double meanSquareUnrolled);
}
