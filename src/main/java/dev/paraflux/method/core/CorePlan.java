package dev.paraflux.method.core;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dependency graph of Parareal, drawn as walks: which cores there are, at which row each starts and at which rows it
 * is corrected. Core 0 is forward substitution. Every other core starts where a jump of the core before it lands, and
 * arriving at its checkpoint {@code n + 1} it is corrected by what the core before it says of checkpoint {@code n}:
 *
 * <pre>x = F + G(x' of the core before, at checkpoint n) - G(x of this core, at checkpoint n)            (2)</pre>
 *
 * <p>SRDS's boundary k in refinement p is core k - p at its checkpoint p. CHORDS is the same with other checkpoints.
 *
 * @param checkpoints of each core, rising; the first one is where it starts, but for core 0, which starts at row 0
 * @param predictors  of each checkpoint that is a corrector's row, its predictor's; -1 for the others
 * @param jumps       of each core, from each checkpoint to its next one
 * @param launches    of each core but core 0, from the first checkpoint of the core before to its own
 */
record CorePlan(int[][] checkpoints, int[][] predictors, Jump[][] jumps, Jump[] launches) {

    /**
     * The rows where a step of the solver begins, and the last row: the line of parents of the last row, as far as the
     * model says something at their level. Between them lie a solver's stages.
     */
    static int[] steps(TriangularSystem system) {
        List<Integer> kept = new ArrayList<>();
        for (int row = system.parent(system.rows()); row >= 0; row = row == 0 ? -1 : system.parent(row)) {
            NoiseLevel next = system.level(kept.isEmpty() ? system.rows() : kept.get(0));
            NoiseLevel level = system.level(row);
            boolean falls = next.alpha() * level.sigma() >= level.alpha() * next.sigma();
            // A predictor that its corrector continues from is no step of its own.
            boolean predictor = !kept.isEmpty() && predictionRow(system, kept.get(0)) == row;
            if (predictionRow(system, row) >= 0 && falls && !predictor) {
                kept.add(0, row);
            }
        }
        kept.add(system.rows());
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The row whose evaluation a jump from this row takes: itself, or, where a corrector follows its predictor and is not
     * evaluated again, the predictor at the same level; -1 if there is none.
     */
    static int predictionRow(TriangularSystem system, int row) {
        if (system.evaluated(row)) {
            return row;
        }
        boolean predicted = row > 0 && system.evaluated(row - 1) && system.level(row - 1).sameAs(system.level(row));
        return predicted ? row - 1 : -1;
    }

    /** How many steps the solver takes. */
    static int stepCount(TriangularSystem system) {
        return Math.max(1, steps(system).length - 1);
    }

    /**
     * SRDS: blocks of B steps each, the last ones shorter where they must be. Core k starts at the block boundary k and is
     * corrected at every later one; core M is the first guess of the sample itself.
     */
    static CorePlan blocks(TriangularSystem system, int blocks, Solver coarse) {
        int[] steps = steps(system);
        if (steps.length == 1) {
            return alone(system);
        }
        int[] boundaries = boundaries(steps, blocks);
        Jump[] jumps = Jump.between(levels(system, boundaries), coarse, system.prediction());
        int[][] checkpoints = new int[blocks + 1][];
        Jump[][] own = new Jump[blocks + 1][];
        Jump[] launches = new Jump[blocks + 1];
        for (int k = 0; k <= blocks; k++) {
            checkpoints[k] = Arrays.copyOfRange(boundaries, k, blocks + 1);
            own[k] = Arrays.copyOfRange(jumps, k, blocks);
            launches[k] = k == 0 ? null : jumps[k - 1];
        }
        return new CorePlan(checkpoints, predictors(system, checkpoints), own, launches);
    }

    /** The rows where blocks begin, and the last one. */
    static int[] boundaries(int[] steps, int blocks) {
        int[] boundaries = new int[blocks + 1];
        int count = steps.length - 1;
        int longest = (count + blocks - 1) / blocks;
        int step = 0;
        for (int k = 0; k <= blocks; k++) {
            boundaries[k] = steps[step];
            int blocksAfter = blocks - k - 1;
            step += Math.min(longest, count - step - blocksAfter);
        }
        return boundaries;
    }

    /**
     * CHORDS: core k is corrected every time it has gone as many steps as lay between its start and that of the core
     * before, which is when that one comes to where core k last started.
     *
     * @param starts steps at which the cores start, rising from 0
     */
    static CorePlan staggered(TriangularSystem system, int[] starts, Solver coarse) {
        requireOneStep(system, coarse);
        int[] steps = steps(system);
        if (steps.length == 1) {
            return alone(system);
        }
        int count = steps.length - 1;
        int[][] checkpoints = new int[starts.length][];
        Jump[][] jumps = new Jump[starts.length][];
        Jump[] launches = new Jump[starts.length];
        for (int k = 0; k < starts.length; k++) {
            int gap = k == 0 ? count : starts[k] - starts[k - 1];
            int corrections = k == 0 ? 0 : (count - starts[k]) / gap;
            checkpoints[k] = new int[corrections + 1];
            jumps[k] = new Jump[corrections];
            for (int n = 0; n <= corrections; n++) {
                checkpoints[k][n] = steps[starts[k] + n * gap];
                if (n > 0) {
                    jumps[k][n - 1] = jump(system, checkpoints[k][n - 1], checkpoints[k][n], coarse);
                }
            }
            launches[k] = k == 0 ? null : jump(system, checkpoints[k - 1][0], checkpoints[k][0], coarse);
        }
        return new CorePlan(checkpoints, predictors(system, checkpoints), jumps, launches);
    }

    /** Core 0 alone, to the sample: where the model is asked at no step, as between equal levels, there is nothing to refine. */
    private static CorePlan alone(TriangularSystem system) {
        int[][] checkpoints = {{system.rows()}};
        return new CorePlan(checkpoints, predictors(system, checkpoints), new Jump[1][0], new Jump[1]);
    }

    /** On the solver's own steps, where a solver shows what it takes; a jump or two hide noise and history. */
    static void requireOneStep(TriangularSystem system, Solver coarse) {
        int[] steps = steps(system);
        if (steps.length > 1) {
            Jump.between(levels(system, steps), coarse, system.prediction());
        }
    }

    private static int[][] predictors(TriangularSystem system, int[][] checkpoints) {
        return Arrays.stream(checkpoints).map(rows -> Arrays.stream(rows)
                .map(row -> row < system.rows() && !system.evaluated(row) ? predictionRow(system, row) : -1).toArray())
                .toArray(int[][]::new);
    }

    /** The last step of a grid may be another than the others, without noise for one, so that this one is not last. */
    private static Jump jump(TriangularSystem system, int from, int to, Solver coarse) {
        int last = system.rows();
        List<NoiseLevel> levels = to == last ? levels(system, from, to) : levels(system, from, to, last);
        return Jump.between(levels, coarse, system.prediction())[0];
    }

    static List<NoiseLevel> levels(TriangularSystem system, int... rows) {
        return Arrays.stream(rows).mapToObj(system::level).toList();
    }

    /** The predictor of a core's checkpoint n, where that is a corrector that is not evaluated itself; else -1. */
    int predictor(int core, int n) {
        return n >= 0 && n < predictors[core].length ? predictors[core][n] : -1;
    }

    int cores() {
        return checkpoints.length;
    }

    /** Where a core starts. */
    int start(int core) {
        return core == 0 ? 0 : checkpoints[core][0];
    }

    /** The row of a core's checkpoint n, or -1 if it has no such. */
    int checkpoint(int core, int n) {
        return n >= 0 && n < checkpoints[core].length ? checkpoints[core][n] : -1;
    }
}
