package dev.paraflux.method.window;

import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.solver.TriangularSystem;

/**
 * ParaDiGMS: Picard iteration over a sliding window (Shih et al., NeurIPS 2023, arXiv 2305.16317, algorithm 1). Each
 * round adds up, over the window, the steps that the solver would take from the present rows.
 *
 * <pre>{@code
 * x_0 = start noise;  x_1 .. x_W = x_0;  f = 0                 rows up to f are final
 * while f < N and rounds are left:
 *     e = min(f + W, N)                                        the window: rows f + 1 to e
 *     m_i = M(x_i, level_i) for f <= i < e                     one batch
 *     for i = f + 1 .. e:
 *         r_i = right side of (1) - x_i
 *         R_i = R_p(i) + r_i                                   (3) in drift form; R_p = 0 for p <= f
 *     s = the first i with |R_i|^2 / d > (tolerance g_i)^2     e if there is none
 *     for i = f + 1 .. e:
 *         x_i = x_i + R_i
 *     for i = e + 1 .. min(s + W, N):                          rows that enter
 *         x_i = x_e
 *     f = s
 * the sample is x_N
 * }</pre>
 *
 * <p>A row has settled when it moves by at most the tolerance times its noise scale, {@code |x'_i - x_i|^2 / (d g_i^2) <=
 * tolerance^2}; the window slides to the first row that has not. That row's inputs were final, so it is final too, and
 * there are never more rounds than rows. Rows that enter copy the last row of the window.
 *
 * @param window    rows under way at once, 1 or more; more than the system has means all
 * @param tolerance 0 (until nothing moves) or more; 0.1 in the paper's code, which leaves a visible error; 1e-4 leaves none
 * @param maxRounds rounds after which the run ends as it is, 1 or more
 */
public record Picard(int window, double tolerance, int maxRounds) implements Method {

    public Picard {
        Require.atLeast(1, "window", window);
        Require.notNegative("tolerance", tolerance);
        Require.atLeast(1, "maxRounds", maxRounds);
    }

    /** A window of 100 rows, to a tolerance that leaves no visible error. */
    public static Picard defaults() {
        return new Picard(100, 1e-4, ParaTaa.ALL);
    }

    @Override
    public int mostRows(TriangularSystem system) {
        return WindowMemory.mostRows(system, window);
    }

    @Override
    public Workspace allocate(Problem problem) {
        return new WindowMemory(problem, new WindowSettings(window, ParaTaa.ALL, 1, 0, true, FirstGuess.copy(),
                maxRounds, Unrolling.DRIFT, this::converged, null));
    }

    private boolean converged(TriangularSystem system, int row, double meanSquare, double floor,
            double meanSquareUnrolled, double floorUnrolled) {
        double scaled = tolerance * system.noiseScale(row);
        return meanSquareUnrolled <= scaled * scaled || tolerance > 0 && meanSquareUnrolled <= floorUnrolled;
    }
}
