package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Runs;
import dev.paraflux.solver.UnevenSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where some steps take more rounds than others, cores have to wait for each other in either direction. */
@Timeout(60)
class UnevenStepsTest {
    private static final int DIM = 6;
    private static final Request REQUEST = Request.seed(2).withLabel(5);

    @Test
    void coresOfChordsEndWithTheSequentialSample() {
        Random random = new Random(4);
        for (int steps = 1; steps <= 24; steps++) {
            Runs runs = runs(steps);
            float[] expected = runs.sequential(REQUEST);
            for (int repeat = 0; repeat < 20; repeat++) {
                List<Double> starts = Stream.concat(Stream.of(0.0), random.doubles(random.nextInt(9)).sorted().boxed())
                        .toList();
                Chords method = Chords.defaults().withStarts(starts).withStop(StopRule.values(0));
                Sample sample = runs.run(method, REQUEST);
                assertEquals(Status.COMPLETED, sample.status());
                assertTrue(sample.stats().rounds() <= rows(steps), method + ": " + sample.stats());
                assertArrayEquals(expected, sample.values(), method.toString());
                requireChangesAreThoseOfTheAnswers(runs, method, sample);
            }
        }
    }

    /** Ends after each answer in turn: when an answer comes does not change it. */
    private static void requireChangesAreThoseOfTheAnswers(Runs runs, Chords method, Sample whole) {
        List<double[]> answers = new ArrayList<>();
        for (int p = 0; p <= whole.stats().refinements(); p++) {
            float[] values = runs.run(method.withMaxRefinements(p), REQUEST).values();
            answers.add(IntStream.range(0, DIM).mapToDouble(e -> values[e]).toArray());
        }
        for (int p = 1; p < answers.size(); p++) {
            assertEquals(PararealOracle.change(answers.get(p - 1), answers.get(p), Double.POSITIVE_INFINITY),
                    whole.stats().changes().get(p - 1), 1e-9, method + ", answer " + p);
        }
    }

    @Test
    void refinementsOfSrdsTakeTheRoundsOfTheirRows() {
        for (int steps = 1; steps <= 14; steps++) {
            Runs runs = runs(steps);
            float[] expected = runs.sequential(REQUEST);
            for (int blocks = 1; blocks <= steps; blocks++) {
                int[] lengths = lengths(steps, blocks);
                for (int p = 1; p <= blocks; p++) {
                    Srds method = Srds.defaults().withBlocks(blocks).withStop(StopRule.values(0))
                            .withMaxRefinements(p);
                    Sample pipelined = runs.run(method, REQUEST);
                    Sample barrier = runs.run(method.withPipelined(false), REQUEST);
                    String what = steps + " steps, " + method;
                    assertEquals(pipelinedRounds(lengths, p), pipelined.stats().rounds(), what);
                    assertEquals(barrierRounds(lengths, p), barrier.stats().rounds(), what);
                    assertEquals(pipelined.stats().evaluations(), barrier.stats().evaluations(), what);
                    assertArrayEquals(pipelined.values(), barrier.values(), what);
                    assertTrue(pipelined.stats().rounds() <= rows(steps));
                    if (p == blocks) {
                        assertEquals(Status.COMPLETED, pipelined.status());
                        assertArrayEquals(expected, pipelined.values(), what);
                    }
                }
            }
        }
    }

    /** The p longest blocks and a coarse step for each other one. */
    private static int pipelinedRounds(int[] lengths, int p) {
        int[] sorted = IntStream.of(lengths).sorted().toArray();
        return IntStream.of(sorted).skip(lengths.length - p).sum() + lengths.length - p;
    }

    /** Each refinement: a boundary is ready when its block is, and one round after the boundary before it. */
    private static int barrierRounds(int[] lengths, int limit) {
        int blocks = lengths.length;
        int rounds = blocks;
        for (int q = 1; q <= limit; q++) {
            int ready = lengths[q - 1] - 1;
            for (int k = q + 1; k <= blocks; k++) {
                ready = Math.max(lengths[k - 1] - 1, ready + 1);
            }
            rounds += ready;
        }
        return rounds;
    }

    private static int[] lengths(int steps, int blocks) {
        int[] lengths = PararealOracle.lengths(steps, blocks);
        int step = 1;
        for (int k = 0; k < blocks; k++) {
            int first = step;
            step += lengths[k];
            lengths[k] = IntStream.range(first, step).map(UnevenSteps::rows).sum();
        }
        return lengths;
    }

    private static int rows(int steps) {
        return IntStream.rangeClosed(1, steps).map(UnevenSteps::rows).sum();
    }

    private static Runs runs(int steps) {
        return new Runs(TestDenoisers.bent(DIM), TestGrids.angles(steps, 1.4), new UnevenSteps());
    }
}
