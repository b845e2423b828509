package dev.paraflux.method.core;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * CHORDS: K cores that walk along the rows at the same time, one row a round, each from a start of its own (Han et al.,
 * ICCV 2025). A core starts where a coarse jump of the one before lands; whenever that one comes to where it last started,
 * it is corrected by equation (2) of {@code docs/methods.md}, without an evaluation of its own. The core that starts
 * farthest gives an early answer, each other one a better answer later, and the first, which is forward substitution, the
 * exact one. Every round evaluates at most K rows: the method for K devices.
 *
 * <pre>{@code
 * core k starts at step i_k;  0 = i_0 < i_1 < .. < i_(K-1) < N;  d_k = i_k - i_(k-1)
 * x_0 = start noise, of core 0 at step 0;  c_k = i_k           where core k last started
 * repeat:
 *     m_k = M(x_k) for each core under way, where it stands    one batch, at most K rows
 *     for each core k under way:
 *         if it is the last one begun, and at its start i_k:
 *             begin core k + 1 at i_(k+1):  x_(k+1) = G(x_k, from i_k to i_(k+1))
 *         if k > 0 and it is at c_k:                           as far as c_k + d_k <= N
 *             g_k = G(x_k, from c_k to c_k + d_k)
 *         if core k + 1 is under way, and this one is at c_(k+1):
 *             h_(k+1) = G(x_k, from c_(k+1) to c_(k+1) + d_(k+1)) - g_(k+1)
 *     for each core k that was under way:
 *         x_k = right side of (1)                              one row on
 *         if k > 0 and it is at c_k + d_k:
 *             x_k = x_k + h_k;  c_k = c_k + d_k                (2)
 *         if it is at step N:
 *             x_k is an answer; stop if it is near enough to the one before, or if k = 0
 * }</pre>
 *
 * <p>Of N steps, the core k (from 0) that starts at step i answers after k + N - i rounds.
 *
 * @param starts         where the cores start, as shares of the steps: 0, and rising, below 1. A start that falls less
 *                       than two steps after the one before is left out: such a core would only repeat that one
 * @param coarse         the step of a jump
 * @param stop           when an answer is near enough to the one before it to be taken
 * @param maxRefinements answers after the first one that are waited for, 0 (the early answer) or more
 */
public record Chords(List<Double> starts, CoarseStep coarse, StopRule stop, int maxRefinements) implements Method {
    /** For {@code maxRefinements}: no limit of its own. */
    public static final int ALL = Integer.MAX_VALUE;
    /** Cores that {@link #ofCores} can place, at most. */
    public static final int MAX_CORES = 64;

    private static final double TOLERANCE = 0.1;

    /** Checks the settings, and copies the starts. */
    public Chords {
        starts = List.copyOf(starts);
        if (starts.isEmpty() || starts.get(0) != 0) {
            throw new IllegalValueException("starts", starts, "a list that begins with 0");
        }
        for (int k = 1; k < starts.size(); k++) {
            if (!(starts.get(k) > starts.get(k - 1) && starts.get(k) < 1)) {
                throw new IllegalValueException("starts[" + k + "]", starts.get(k),
                        "above the start before it, which is " + starts.get(k - 1) + ", and below 1");
            }
        }
        Objects.requireNonNull(coarse, "coarse");
        Objects.requireNonNull(stop, "stop");
        Require.atLeast(0, "maxRefinements", maxRefinements);
    }

    /**
     * So many cores, 1 to {@value #MAX_CORES}, jumping by steps of the solver's kind, to a change of 0.1 of 255
     * between two answers. Their
     * starts are in the proportions 0, 1, 2, 4, 8, 12, 16, 20, ..., as the paper's are for 4 and for 8 cores; the last
     * one is at 0.64 of the steps for 4 cores, 0.04 more for each more, up to 0.88.
     */
    public static Chords ofCores(int cores) {
        Require.between(1, MAX_CORES, "cores", cores);
        double last = Math.min(0.88, 0.48 + 0.04 * cores);
        List<Double> starts = new ArrayList<>(List.of(0.0));
        for (int k = 1; k < cores; k++) {
            starts.add(last * proportion(k) / proportion(cores - 1));
        }
        return new Chords(starts, CoarseStep.own(), StopRule.pixels(TOLERANCE), ALL);
    }

    private static int proportion(int core) {
        return core < 4 ? 1 << core - 1 : 4 * (core - 2);
    }

    /** Eight cores. */
    public static Chords defaults() {
        return ofCores(8);
    }

    /** The same with other starts. */
    public Chords withStarts(List<Double> shares) {
        return new Chords(shares, coarse, stop, maxRefinements);
    }

    /** The same with another coarse step. */
    public Chords withCoarse(CoarseStep step) {
        return new Chords(starts, step, stop, maxRefinements);
    }

    /** The same with another stop rule. */
    public Chords withStop(StopRule rule) {
        return new Chords(starts, coarse, rule, maxRefinements);
    }

    /** The same with another limit. */
    public Chords withMaxRefinements(int refinements) {
        return new Chords(starts, coarse, stop, refinements);
    }

    @Override
    public void requireSuits(TriangularSystem system, int dim) {
        plan(system);
    }

    @Override
    public int mostRows(TriangularSystem system) {
        return plan(system).cores();
    }

    @Override
    public Workspace allocate(Problem problem) {
        return CoreSolve.allocate(problem, plan(problem.system()), new CoreRule(stop, maxRefinements, false, false));
    }

    private CorePlan plan(TriangularSystem system) {
        int steps = CorePlan.stepCount(system);
        List<Integer> apart = new ArrayList<>();
        for (double share : starts) {
            int step = (int) Math.round(share * steps);
            if (step < steps && (apart.isEmpty() || step > apart.get(apart.size() - 1) + 1)) {
                apart.add(step);
            }
        }
        return CorePlan.staggered(system, apart.stream().mapToInt(Integer::intValue).toArray(),
                coarse.solver(system));
    }
}
