package dev.paraflux.method.window;

import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;
import java.util.Objects;

/**
 * ParaTAA with sparse rounds: no row is evaluated that its neighbours can tell. A round evaluates some rows, the nodes, and
 * interpolates between them how the predicted x0 has changed; all else is {@link ParaTaa}. About as many rounds as ParaTAA's
 * over all rows at once, for fewer evaluations: the method to try first where there are many rows
 * ({@code docs/sparse-rounds.md}).
 *
 * <pre>{@code
 * x_0 = start noise;  x_1 .. x_N = first guess;  H_i = 0;  f = 0      H_i: x0 as it is taken to be predicted at row i
 * g = sqrt(N / 100), from 1
 * while f < N and rounds are left:
 *     stride_i = N / (density g) in the first round, later
 *                min(wish_i, N sqrt(rms R_i) / kappa), from 1 to N / (density g)
 *     K = {f};  each row stride_i or more after the last one of K;  N - 1             one batch
 *     K = its first cap / 2, and cap / 2 of the others, if there are more than cap
 *     d_j = x0(x_j, M(x_j, level_j)) - H_j for j in K
 *     H_i = H_i + d interpolated linearly at i, for f <= i < N
 *     E_j = rms of d_j - d interpolated at j from its two neighbours in K
 *     S = largest rms of all d_j;  q = S / (S a round ago)
 *     s_j = largest rms of d_j and its two neighbours, S / 20 at least
 *     t = theta times 3.5 q, from 1/4 to 1, or to g (2.5 at most) if q was below 1 a round ago and is now; theta at first
 *     wish_j = half the distance of the neighbours, times sqrt(4 t s_j / E_j), from 1/4 to 2
 *     wish_i = the least of three neighbouring nodes, linear in between
 *     r_i, R_i, (3) and (4) as in ParaTAA, with m_i as H_i tells it where i is no node
 *     u = the first i that follows from a row outside K, or does not meet the tolerance
 *     v = u, or u - 1 if it follows from a row outside K or there is no safeguard, or N if there is no u
 *     x_i = G_i if i <= v, else (4)
 *     f = v
 * the sample is x_N
 * }</pre>
 *
 * <p>No row is final but by its true residual, and f is always in K: with ParaTAA's safeguard there are never more rounds than
 * rows, and with tolerance 0 the sample is that of forward substitution to the bit. Rows that need no evaluation are passed over, and
 * distances between rows are counted in rows that do. With a window there is a row at its end where N - 1 is here.
 *
 * @param paraTaa the iteration; a window of fewer rows than there are saves memory and takes more rounds
 * @param density how many nodes the first round has, and the least there are along all rows, 1 or more; of more than 100
 *                rows, g times as many; more than there are rows makes every round dense
 * @param theta   error of the interpolation that is wished for, as a share of what is interpolated, above 0; a quarter of it where
 *                that becomes small fast, up to 2.5 times as much where many rows contract slowly
 * @param kappa   nodes along all rows where rows are still to move by a root mean square of 1, above 0; for data whose
 *                root mean square is about 1, for others that times the root of it
 * @param cap     nodes that a round has at most, {@value #LEAST_CAP} or more; fewer than a tenth of the rows under way are
 *                refused, for a window of as many rows does better
 */
public record SparseParaTaa(ParaTaa paraTaa, double density, double theta, double kappa, int cap) implements Method {
    /** Fewer nodes leave too little between the first of them and the last. */
    public static final int LEAST_CAP = 16;
    private static final int MOST_ROWS_PER_NODE = 10;

    public SparseParaTaa {
        Objects.requireNonNull(paraTaa, "paraTaa");
        Require.that(density >= 1 && Double.isFinite(density), "density", density, "1 or more, and finite");
        Require.positive("theta", theta);
        Require.positive("kappa", kappa);
        Require.atLeast(LEAST_CAP, "cap", cap);
    }

    /** To start with: as ParaTAA. */
    public static SparseParaTaa defaults() {
        return of(ParaTaa.defaults());
    }

    /** Sparse rounds of an iteration with settings of its own. */
    public static SparseParaTaa of(ParaTaa paraTaa) {
        return new SparseParaTaa(paraTaa, 12, 0.02, 18, ParaTaa.ALL);
    }

    /** The same with another iteration. */
    public SparseParaTaa withParaTaa(ParaTaa iteration) {
        return new SparseParaTaa(iteration, density, theta, kappa, cap);
    }

    /** The same with another density. */
    public SparseParaTaa withDensity(double nodes) {
        return new SparseParaTaa(paraTaa, nodes, theta, kappa, cap);
    }

    /** The same with another error of the interpolation. */
    public SparseParaTaa withTheta(double share) {
        return new SparseParaTaa(paraTaa, density, share, kappa, cap);
    }

    /** The same with another kappa. */
    public SparseParaTaa withKappa(double nodes) {
        return new SparseParaTaa(paraTaa, density, theta, nodes, cap);
    }

    /** The same with another cap. */
    public SparseParaTaa withCap(int nodes) {
        return new SparseParaTaa(paraTaa, density, theta, kappa, nodes);
    }

    /**
     * Besides what ParaTAA asks for: that the model's outputs tell x0 at every row.
     *
     * @throws IllegalArgumentException if they do not, or the cap is too small for as many rows
     */
    @Override
    public void requireSuits(TriangularSystem system, int dim) {
        paraTaa.requireSuits(system, dim);
        int underWay = WindowMemory.mostRows(system, paraTaa.settings(this).rows(system, dim));
        Require.that((long) MOST_ROWS_PER_NODE * cap >= underWay, "cap", cap,
                (underWay + MOST_ROWS_PER_NODE - 1) / MOST_ROWS_PER_NODE + " or more where " + underWay
                        + " rows are under way; ParaTAA with a window of as many rows does better than fewer");
        Prediction prediction = system.prediction();
        for (int i = 0; i < system.rows(); i++) {
            if (system.evaluated(i)) {
                NoiseLevel level = system.level(i);
                // Refused there, where alpha is 0 and the model predicts noise.
                prediction.x0OfState(level);
                Require.that(prediction.x0OfOutput(level) != 0, "sigma of row " + i, level.sigma(),
                        "above 0 for sparse rounds: without noise the model tells nothing of x0");
            }
        }
    }

    @Override
    public int mostRows(TriangularSystem system) {
        int all = WindowMemory.mostRows(system, paraTaa.window());
        return (int) Math.min(all, (long) cap + system.predictionReach() - 1);
    }

    @Override
    public Workspace allocate(Problem problem) {
        return new WindowMemory(problem, paraTaa.settings(this));
    }
}
