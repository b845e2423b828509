package dev.paraflux.method.window;

import dev.paraflux.check.Require;
import dev.paraflux.device.WindowTable;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.solver.TriangularSystem;
import java.util.Objects;

/**
 * ParaTAA: fixed-point iteration of order k over a window of rows, with triangular Anderson acceleration (Tang et al.,
 * ICML 2024, arXiv 2402.09970; equations (3) and (4) of {@code docs/methods.md}). The method to try first where a batch
 * of rows costs little more than one row.
 *
 * <pre>{@code
 * x_0 = start noise;  x_1 .. x_W = first guess;  f = 0         rows up to f are final
 * while f < N and rounds are left:
 *     e = min(f + W, N)                                        the window: rows f + 1 to e
 *     m_i = M(x_i, level_i) for f <= i < e                     one batch
 *     for i = f + 1 .. e:
 *         r_i = right side of (1) - x_i
 *         R_i = carry_i R_p(i) + r_i - (what leaves)           (3); R_p = 0 for p <= f
 *         G_i = x_i + R_i
 *     s = the first i that does not meet the tolerance
 *     t = s, or s - 1 without the safeguard, or e if there is no s
 *     for i = f + 1 .. e:
 *         S = sum over f < j <= i of dR_j^T dR_j               differences of the last m iterates
 *         b = sum over f < j <= i of dR_j^T R_j
 *         x_i = G_i if i <= t, else G_i - dG_i (S + ridge I)^-1 b       (4)
 *     for i = e + 1 .. min(t + W, N):                          rows that enter
 *         x_i = x_e
 *     f = t
 * the sample is x_N
 * }</pre>
 *
 * <p>Every round evaluates the rows of the window, forms their residuals R of order k and replaces each row by the
 * combination of its last maps that makes the residuals of all rows up to it small. Rows that meet the tolerance leave the
 * window at its start; with the safeguard the first row that does not is final too, since its inputs are, so that there
 * are never more rounds than rows.
 *
 * @param window     rows under way at once, 1 or more; more than the system has means all; by default {@link #ALL}
 * @param order      k, rows that a residual is unrolled over, 1 or more; more than the window means all of it
 * @param history    iterates m that are combined, 1 (none: plain fixed point) to {@value WindowTable#MAX_HISTORY}
 * @param ridge      lambda, added to the diagonal of the least squares, 0 or more
 * @param tolerance  when a row has converged
 * @param safeguard  whether the first row that has not converged takes the plain update, and is final then. Without it rows
 *                   are final by the tolerance alone: one of 0 may never be met, for what rounds
 * @param firstGuess what the rows are before the first round
 * @param maxRounds  rounds after which the run ends as it is, 1 or more; without the safeguard never more than there are
 *                   rows
 * @param unrolling  how residuals are carried from row to row
 */
public record ParaTaa(int window, int order, int history, double ridge, Tolerance tolerance,
        boolean safeguard, FirstGuess firstGuess,
        int maxRounds, Unrolling unrolling) implements Method {
    /**
     * For {@code order}: as many rows as the window has. For {@code maxRounds}: no limit of its own. For {@code window}: as
     * many rows as there are, as far as they fit into {@link #MOST_BYTES} a sample, but {@value #LEAST_OF_ALL} at least;
     * where memory is the limit, it is logged once.
     */
    public static final int ALL = Integer.MAX_VALUE;
    /**
     * What a sample's rows under way take, at most, where the window is to have all: (2 history + 2) times 4 bytes a value.
     */
    public static final long MOST_BYTES = 256L << 20;
    /** Rows that such a window has however long they are. */
    public static final int LEAST_OF_ALL = 100;

    public ParaTaa {
        Require.atLeast(1, "window", window);
        Require.atLeast(1, "order", order);
        Require.between(1, WindowTable.MAX_HISTORY, "history", history);
        Require.notNegative("ridge", ridge);
        Require.atLeast(1, "maxRounds", maxRounds);
        Objects.requireNonNull(tolerance, "tolerance");
        Objects.requireNonNull(firstGuess, "firstGuess");
        Objects.requireNonNull(unrolling, "unrolling");
    }

    /** To start with: Gaussian form over all rows, three iterates, to a distance that is not seen. */
    public static ParaTaa defaults() {
        return new ParaTaa(ALL, ALL, 3, 1e-3, Tolerance.defaults(), true, FirstGuess.copy(), ALL,
                Unrolling.GAUSSIAN);
    }

    /** The same with another window. */
    public ParaTaa withWindow(int rows) {
        return new ParaTaa(rows, order, history, ridge, tolerance, safeguard, firstGuess,
                maxRounds, unrolling);
    }

    /** The same with another order. */
    public ParaTaa withOrder(int rows) {
        return new ParaTaa(window, rows, history, ridge, tolerance, safeguard, firstGuess,
                maxRounds, unrolling);
    }

    /** The same with another history. */
    public ParaTaa withHistory(int iterates) {
        return new ParaTaa(window, order, iterates, ridge, tolerance, safeguard, firstGuess,
                maxRounds, unrolling);
    }

    /** The same with another ridge. */
    public ParaTaa withRidge(double lambda) {
        return new ParaTaa(window, order, history, lambda, tolerance, safeguard, firstGuess,
                maxRounds, unrolling);
    }

    /** The same with another tolerance. */
    public ParaTaa withTolerance(Tolerance near) {
        return new ParaTaa(window, order, history, ridge, near, safeguard, firstGuess,
                maxRounds, unrolling);
    }

    /** The same with or without the safeguard. */
    public ParaTaa withSafeguard(boolean on) {
        return new ParaTaa(window, order, history, ridge, tolerance, on, firstGuess,
                maxRounds, unrolling);
    }

    /** The same with another first guess. */
    public ParaTaa withFirstGuess(FirstGuess guess) {
        return new ParaTaa(window, order, history, ridge, tolerance, safeguard, guess,
                maxRounds, unrolling);
    }

    /** The same with another limit. */
    public ParaTaa withMaxRounds(int rounds) {
        return new ParaTaa(window, order, history, ridge, tolerance, safeguard, firstGuess,
                rounds, unrolling);
    }

    /** The same with another unrolling. */
    public ParaTaa withUnrolling(Unrolling form) {
        return new ParaTaa(window, order, history, ridge, tolerance, safeguard, firstGuess,
                maxRounds, form);
    }

    @Override
    public void requireSuits(TriangularSystem system, int dim) {
        if (firstGuess instanceof FirstGuess.WarmStart warm) {
            warm.previous().requireFits(system, dim);
        }
        settings(null).tellOfLimit(system, dim);
    }

    @Override
    public int mostRows(TriangularSystem system) {
        return WindowMemory.mostRows(system, window);
    }

    @Override
    public Workspace allocate(Problem problem) {
        return new WindowMemory(problem, settings(null));
    }

    /** @param sparse how few rows are evaluated; null for all of them */
    WindowSettings settings(SparseParaTaa sparse) {
        return new WindowSettings(window, order, history, ridge, safeguard, firstGuess, maxRounds, unrolling,
                tolerance, sparse);
    }
}
