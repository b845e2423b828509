package dev.paraflux.method.window;

import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.solver.TriangularSystem;
import java.util.Objects;

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
 *         R_i = carry_i R_p(i) + r_i                           (3); R_p = 0 for p <= f; carry_i = 1 in drift form
 *     s = the first i that does not meet the tolerance         e if there is none
 *     for i = f + 1 .. e:
 *         x_i = x_i + R_i
 *     for i = e + 1 .. min(s + W, N):                          rows that enter
 *         x_i = x_e
 *     f = s
 * the sample is x_N
 * }</pre>
 *
 * <p>The window slides to the first row that does not meet the tolerance. That row's inputs were final, so it is final too,
 * and there are never more rounds than rows. Rows that enter copy the last row of the window. The paper has the drift form
 * and {@link Tolerance#steps}.
 *
 * @param window    rows under way at once, 1 or more; more than the system has means all, {@link ParaTaa#ALL} as
 *                  many as memory has room for
 * @param tolerance when a row has settled
 * @param unrolling how residuals are carried from row to row
 * @param maxRounds rounds after which the run ends as it is, 1 or more
 */
public record Picard(int window, Tolerance tolerance, Unrolling unrolling, int maxRounds) implements Method {

    public Picard {
        Require.atLeast(1, "window", window);
        Require.atLeast(1, "maxRounds", maxRounds);
        Objects.requireNonNull(tolerance, "tolerance");
        Objects.requireNonNull(unrolling, "unrolling");
    }

    /** A window of 100 rows in Gaussian form, to a distance that is not seen. */
    public static Picard defaults() {
        return new Picard(100, Tolerance.defaults(), Unrolling.GAUSSIAN, ParaTaa.ALL);
    }

    /** The same with another window. */
    public Picard withWindow(int rows) {
        return new Picard(rows, tolerance, unrolling, maxRounds);
    }

    /** The same with another tolerance. */
    public Picard withTolerance(Tolerance near) {
        return new Picard(window, near, unrolling, maxRounds);
    }

    /** The same with another unrolling. */
    public Picard withUnrolling(Unrolling form) {
        return new Picard(window, tolerance, form, maxRounds);
    }

    /** The same with another limit. */
    public Picard withMaxRounds(int rounds) {
        return new Picard(window, tolerance, unrolling, rounds);
    }

    @Override
    public void requireSuits(TriangularSystem system, int dim) {
        settings().tellOfLimit(system, dim);
    }

    @Override
    public int mostRows(TriangularSystem system) {
        return WindowMemory.mostRows(system, window);
    }

    @Override
    public Workspace allocate(Problem problem) {
        return new WindowMemory(problem, settings());
    }

    private WindowSettings settings() {
        return new WindowSettings(window, ParaTaa.ALL, 1, 0, true, FirstGuess.copy(), maxRounds, unrolling, tolerance,
                null);
    }
}
