package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Stats;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Runs;
import dev.paraflux.model.Denoiser;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.LateModel;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What refinements cost, in rounds and in evaluations, is what the dependencies of equation (2) say and no more. */
class SrdsRoundsTest {
    private static final Srds EXACT = Srds.defaults().withStop(StopRule.values(0));
    private static final Request REQUEST = Request.seed(3).withLabel(1);

    @Test
    void allBlocksOfShortTrajectories() {
        Random random = new Random(1);
        for (int steps = 1; steps <= 30; steps++) {
            Runs runs = runs(TestDenoisers.idle(1), steps, new Ddim());
            for (int blocks = 1; blocks <= steps; blocks++) {
                int limit = 1 + random.nextInt(blocks);
                for (boolean pipelined : new boolean[] {true, false}) {
                    requireCost(runs, blocks, limit, pipelined);
                    requireCost(runs, blocks, blocks, pipelined);
                }
            }
        }
    }

    @Test
    void blocksOfLongTrajectories() {
        Random random = new Random(2);
        for (int repeat = 0; repeat < 40; repeat++) {
            int steps = 31 + random.nextInt(970);
            // As many small numbers of blocks as large ones.
            int blocks = (int) Math.exp(random.nextDouble() * Math.log(steps));
            int limit = 1 + random.nextInt(blocks);
            Runs runs = runs(TestDenoisers.idle(1), steps, new Ddim());
            requireCost(runs, blocks, limit, true);
            requireCost(runs, blocks, blocks, true);
            requireCost(runs, blocks, Math.min(limit, 5), false);
        }
    }

    /** Steps of two evaluated rows are twice as long; rows that the model is never asked at take no round. */
    @Test
    void otherTablesTakeTheRoundsOfTheirEvaluatedRows() {
        Map<Solver, Integer> rowsOfAStep = Map.of(new HeunLike(), 2, new StagedTwoStep(), 2, new DpmSolverUpTo(2), 1,
                new LateModel(), 1);
        rowsOfAStep.forEach((solver, rows) -> {
            for (int steps : new int[] {1, 2, 3, 7, 12}) {
                Runs runs = runs(TestDenoisers.bent(2), steps, solver);
                for (int blocks = 1; blocks <= steps; blocks++) {
                    int[] lengths = Arrays.stream(PararealOracle.lengths(steps, blocks)).map(length -> rows * length)
                            .toArray();
                    for (int limit = 1; limit <= blocks; limit++) {
                        requireCost(runs, lengths, limit, true);
                        requireCost(runs, lengths, limit, false);
                    }
                }
            }
        });
    }

    @Test
    void lastRefinementIsTheSequentialSample() {
        for (int steps : new int[] {2, 10, 53, 300}) {
            Runs runs = runs(TestDenoisers.bent(3), steps, new Ddim());
            float[] sequential = runs.sequential(REQUEST);
            for (int blocks : new int[] {1, 2, (int) Math.sqrt(steps), steps}) {
                Sample sample = runs.run(EXACT.withBlocks(blocks).withMaxRefinements(blocks), REQUEST);
                assertEquals(Status.COMPLETED, sample.status());
                assertEquals(0, sample.stats().residual());
                assertArrayEquals(sequential, sample.values());
            }
        }
    }

    /** Pipelined, whatever could be begun has been when the tolerance is met; with a barrier only what is needed. */
    @Test
    void toleranceEndsARunWithEvaluationsOfLaterRefinementsUnderWay() {
        int stopped = 0;
        for (int steps : new int[] {5, 16, 30, 100}) {
            Runs runs = runs(TestDenoisers.bent(3), steps, new Ddim());
            for (int blocks = 2; blocks <= Math.min(20, steps); blocks++) {
                int[] lengths = PararealOracle.lengths(steps, blocks);
                List<Double> changes = runs.run(EXACT.withBlocks(blocks), REQUEST).stats().changes();
                double least = 2 * changes.get(0);
                for (int p = 1; p < blocks && changes.get(p - 1) > 0; p++) {
                    if (changes.get(p - 1) >= least) {
                        continue;
                    }
                    double between = (least + changes.get(p - 1)) / 2;
                    least = changes.get(p - 1);
                    Srds method = EXACT.withBlocks(blocks).withStop(StopRule.values(between));
                    Sample pipelined = runs.run(method, REQUEST);
                    Sample barrier = runs.run(method.withPipelined(false), REQUEST);
                    for (Sample sample : List.of(pipelined, barrier)) {
                        assertTrue(sample.status().isSolved());
                        assertEquals(p, sample.stats().refinements());
                        assertEquals(changes.subList(0, p), sample.stats().changes());
                        assertEquals(least, sample.stats().change());
                    }
                    assertEquals(ready(lengths)[blocks][p], pipelined.stats().rounds());
                    assertEquals(begun(lengths, p), pipelined.stats().evaluations(), method.toString());
                    assertEquals(barrierRounds(lengths, p), barrier.stats().rounds());
                    assertEquals(needed(lengths, p), barrier.stats().evaluations());
                    stopped++;
                }
            }
        }
        assertTrue(stopped > 100, stopped + " runs");
    }

    private static void requireCost(Runs runs, int blocks, int limit, boolean pipelined) {
        requireCost(runs, PararealOracle.lengths(runs.grid().steps(), blocks), limit, pipelined);
    }

    private static void requireCost(Runs runs, int[] lengths, int limit, boolean pipelined) {
        int blocks = lengths.length;
        Srds method = EXACT.withBlocks(blocks).withMaxRefinements(limit).withPipelined(pipelined);
        Sample sample = runs.run(method, REQUEST);
        Stats stats = sample.stats();
        String what = runs.solver() + ", " + runs.grid().steps() + " steps, " + method;
        assertEquals(limit, stats.refinements(), what);
        assertEquals(limit == blocks ? Status.COMPLETED : Status.ROUND_LIMIT, sample.status(), what);
        assertEquals(needed(lengths, limit), stats.evaluations(), what);
        if (pipelined) {
            assertEquals(ready(lengths)[blocks][limit], stats.rounds(), what);
            assertEquals(longest(lengths, limit) + blocks - limit, stats.rounds(), what);
            assertTrue(stats.rounds() <= Arrays.stream(lengths).sum(), what);
        } else {
            assertEquals(barrierRounds(lengths, limit), stats.rounds(), what);
        }
    }

    /** After how many rounds boundary k is ready in refinement p: its block is solved and its coarse step known. */
    private static int[][] ready(int[] lengths) {
        int blocks = lengths.length;
        int[][] ready = new int[blocks + 1][blocks + 1];
        for (int k = 1; k <= blocks; k++) {
            ready[k][0] = k;
            for (int p = 1; p <= k; p++) {
                int fine = ready[k - 1][p - 1] + lengths[k - 1];
                ready[k][p] = p == k ? fine : Math.max(fine, ready[k - 1][p] + 1);
            }
        }
        return ready;
    }

    private static int longest(int[] lengths, int count) {
        return Arrays.stream(lengths).map(length -> -length).sorted().limit(count).sum() * -1;
    }

    /** Refinement q: the first evaluation of each block is known; then all of each, then the coarse sweep from q on. */
    private static int barrierRounds(int[] lengths, int limit) {
        int blocks = lengths.length;
        int rounds = blocks;
        for (int q = 1; q <= limit; q++) {
            int longest = Arrays.stream(lengths, q - 1, blocks).max().getAsInt();
            rounds += longest - 1 + blocks - q;
        }
        return rounds;
    }

    /** The first evaluation of a block is the coarse step's as well. */
    private static int needed(int[] lengths, int limit) {
        int blocks = lengths.length;
        int evaluations = blocks;
        for (int q = 1; q <= limit; q++) {
            evaluations += Arrays.stream(lengths, q - 1, blocks).map(length -> length - 1).sum() + blocks - q;
        }
        return evaluations;
    }

    /** Evaluations of every chain that was ready before the last round. */
    private static int begun(int[] lengths, int limit) {
        int blocks = lengths.length;
        int[][] ready = ready(lengths);
        int evaluations = 0;
        for (int k = 0; k < blocks; k++) {
            for (int q = 0; q <= k; q++) {
                evaluations += Math.max(0, Math.min(lengths[k], ready[blocks][limit] - ready[k][q]));
            }
        }
        return evaluations;
    }

    private static Runs runs(Denoiser model, int steps, Solver solver) {
        return new Runs(model, TestGrids.angles(steps, 1.4), solver);
    }
}
