package dev.paraflux.method.core;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.Objects;

/**
 * SRDS: Parareal refinement (Selvam, Merchant, Ermon, NeurIPS 2024, arXiv 2405.15173, algorithm 1; equation (2) of
 * {@code docs/methods.md}). The rows are cut into M blocks of B steps. A coarse step across each block gives a first
 * sample; then all blocks are solved finely at once and the sample is corrected, again and again until it stands still.
 * After M refinements it is the sequential sample to the bit. The method to try first for long trajectories: memory for
 * about 3 sqrt(N) rows, and samples to look at from the first sqrt(N) rounds on.
 *
 * <pre>{@code
 * cut the N steps into M blocks, at rows b_0 = 0 < b_1 < .. < b_M = N
 * X_0 = start noise
 * for k = 1 .. M:                                              M rounds of one row
 *     g_k = G(X_(k-1), from b_(k-1) to b_k)
 *     X_k = g_k                                                X_M is the answer 0
 * for p = 1 .. M, while refinements are left:
 *     for k = p .. M, all at once:                             as many rounds as a block has rows
 *         Y_k = F(X_(k-1), from b_(k-1) to b_k)                equation (1), row by row
 *     for k = p .. M, in turn:
 *         if k > p:                                            X_p = Y_p is exact
 *             h = G(X_(k-1), from b_(k-1) to b_k)              X_(k-1) is refined already
 *             X_k = Y_k + h - g_k                              (2)
 *             g_k = h
 *         else:
 *             X_k = Y_k
 *     stop if X_M, the answer p, is near enough to the answer p - 1
 * the sample is X_M
 * }</pre>
 *
 * <p>Pipelined, nothing waits for what it does not need: the p-th refinement is there after p B + M - p rounds, never more
 * than N; a run that stops early has then begun evaluations of the next refinement. With a barrier all blocks wait for the
 * last one before the next refinement begins: more rounds, of fewer rows, none wasted. Both give the same bits.
 *
 * <p>Multistep solvers look back across the boundaries of blocks, on what the last refinement found there; only in the
 * first one they start each block at first order. The noise of a stochastic solver is drawn before, so that its blocks
 * are as deterministic as any; the coarse steps take the mean.
 *
 * @param blocks         M, 1 to the number of the solver's steps, or {@link #SQUARE}
 * @param coarse         the step across a block
 * @param stop           when a refined sample is good enough
 * @param maxRefinements refinements after which the run ends as it is, 0 (the first, coarse answer) or more
 * @param pipelined      whether to go on wherever possible, or to wait for each refinement to be done
 */
public record Srds(int blocks, CoarseStep coarse, StopRule stop, int maxRefinements,
        boolean pipelined) implements Method {
    /** For {@code blocks}: the square root of the number of steps, rounded. */
    public static final int SQUARE = Integer.MAX_VALUE;
    /** For {@code maxRefinements}: no limit of its own. */
    public static final int ALL = Integer.MAX_VALUE;
    /** The paper's tau, in pixels of 0 to 255. */
    private static final double PAPER_TOLERANCE = 0.1;

    /** Checks the settings. */
    public Srds {
        Require.atLeast(1, "blocks", blocks);
        Objects.requireNonNull(coarse, "coarse");
        Objects.requireNonNull(stop, "stop");
        Require.atLeast(0, "maxRefinements", maxRefinements);
    }

    /**
     * As many blocks as steps in a block, one step of the solver's kind across each, the paper's tolerance for pictures,
     * pipelined.
     */
    public static Srds defaults() {
        return new Srds(SQUARE, CoarseStep.own(), StopRule.pixels(PAPER_TOLERANCE), ALL, true);
    }

    /** The same with so many blocks. */
    public Srds withBlocks(int count) {
        return new Srds(count, coarse, stop, maxRefinements, pipelined);
    }

    /** The same with another coarse step. */
    public Srds withCoarse(CoarseStep step) {
        return new Srds(blocks, step, stop, maxRefinements, pipelined);
    }

    /** The same with another stop rule. */
    public Srds withStop(StopRule rule) {
        return new Srds(blocks, coarse, rule, maxRefinements, pipelined);
    }

    /** The same with another limit. */
    public Srds withMaxRefinements(int refinements) {
        return new Srds(blocks, coarse, stop, refinements, pipelined);
    }

    /** The same, pipelined or with a barrier after each refinement. */
    public Srds withPipelined(boolean on) {
        return new Srds(blocks, coarse, stop, maxRefinements, on);
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
        return CoreSolve.allocate(problem, plan(problem.system()),
                new CoreRule(stop, maxRefinements, true, !pipelined));
    }

    /**
     * The levels between which the coarse steps of a system go, the block boundaries: the grid to fit a coarse solver on.
     *
     * @throws IllegalArgumentException if there are more blocks than steps
     */
    public TimeGrid coarseGrid(TriangularSystem system) {
        return new TimeGrid(CorePlan.levels(system, CorePlan.boundaries(CorePlan.steps(system), count(system))));
    }

    /** Most blocks that a system can be cut into: the number of the solver's steps, 1 or more. */
    public static int maxBlocks(TriangularSystem system) {
        return CorePlan.stepCount(system);
    }

    private CorePlan plan(TriangularSystem system) {
        Solver solver = coarse.solver(system);
        if (!(coarse instanceof CoarseStep.AtBoundaries)) {
            CorePlan.requireOneStep(system, solver);
        }
        return CorePlan.blocks(system, count(system), solver);
    }

    private int count(TriangularSystem system) {
        int steps = CorePlan.stepCount(system);
        int count = blocks == SQUARE ? (int) Math.round(Math.sqrt(steps)) : blocks;
        if (count > steps) {
            throw new IllegalValueException("blocks", blocks, "1 to " + steps + ", the number of the solver's steps");
        }
        return count;
    }
}
