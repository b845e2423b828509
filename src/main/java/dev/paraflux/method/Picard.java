package dev.paraflux.method;

import dev.paraflux.solver.TriangularSystem;

/**
 * ParaDiGMS: Picard iteration over a sliding window (Shih et al., NeurIPS 2023, arXiv 2305.16317, algorithm 1). Each
 * round adds up, over the window, the steps that the solver would take from the present rows.
 *
 * <p>A row has settled when it moves by at most the tolerance times its noise scale, {@code |x'_i - x_i|^2 / (d g_i^2) <=
 * tolerance^2}; the window slides to the first row that has not. That row's inputs were final, so it is final too, and
 * there are never more rounds than rows. Rows that enter copy the last row of the window.
 *
 * @param window    rows under way at once, 1 or more; more than the system has means all
 * @param tolerance 0 (until nothing moves) or more; 0.1 in the paper's code, which leaves a visible error; 1e-4 leaves none
 * @param maxRounds rounds after which the run ends as it is, 1 or more
 */
public record Picard(int window, double tolerance, int maxRounds) implements Method, WindowRule {

    public Picard {
        if (window < 1) {
            throw new IllegalArgumentException("window " + window + ": must be 1 or more");
        }
        if (maxRounds < 1) {
            throw new IllegalArgumentException("maxRounds " + maxRounds + ": must be 1 or more");
        }
        if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
            throw new IllegalArgumentException("tolerance " + tolerance + ": must be 0 or more, and finite");
        }
    }

    /** A window of 100 rows, to a tolerance that leaves no visible error. */
    public static Picard defaults() {
        return new Picard(100, 1e-4, ParaTaa.ALL);
    }

    @Override
    public Workspace allocate(Problem problem) {
        return new WindowWorkspace(problem, this);
    }

    @Override
    public int order() {
        return ParaTaa.ALL;
    }

    @Override
    public int history() {
        return 1;
    }

    @Override
    public double ridge() {
        return 0;
    }

    @Override
    public boolean safeguard() {
        return true;
    }

    @Override
    public FirstGuess firstGuess() {
        return FirstGuess.copy();
    }

    @Override
    public Unrolling unrolling() {
        return Unrolling.DRIFT;
    }

    @Override
    public boolean converged(TriangularSystem system, int row, double meanSquare, double meanSquareUnrolled) {
        double scaled = tolerance * system.noiseScale(row);
        return meanSquareUnrolled <= scaled * scaled;
    }
}
