package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.ForwardSubstitution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run gives, and what it says it cost. */
class SamplerTest {
    private static final int DIM = 50;
    private static final int STEPS = 8;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "5, 1", "1, 8", "5, 8"})
    void costsAreCounted(int samples, int steps) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(steps)).build()) {
            for (Sample sample : sampler.sample(requests(samples))) {
                assertEquals(Status.COMPLETED, sample.status());
                assertEquals(Status.COMPLETED.advice(), sample.message());
                Stats stats = sample.stats();
                assertEquals(steps, stats.rounds());
                assertEquals(steps, stats.evaluations());
                assertEquals(steps, stats.modelRows());
                assertEquals(0, stats.residual());
                assertTrue(stats.modelSeconds() >= 0 && stats.modelSeconds() <= stats.seconds(), stats.toString());
            }
            assertEquals(Collections.nCopies(steps, samples), model.batchSizes());
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 6", "-1, 2, 6", "0, 1, 3", "1, 1, 3"})
    void guidanceCostsTwoModelRowsUnlessOneOfThemDoesNotCount(double weight, int rowsEach, int rowsOfThree) {
        try (Sampler sampler = Sampler.builder(Afterwards.close(Guidance.of(model, weight)), TestGrids.linear(STEPS))
                .build()) {
            for (Sample sample : sampler.sample(requests(3))) {
                assertEquals(STEPS, sample.stats().rounds());
                assertEquals(STEPS, sample.stats().evaluations());
                assertEquals(rowsEach * STEPS, sample.stats().modelRows());
            }
            assertEquals(Collections.nCopies(STEPS, rowsOfThree), model.batchSizes());
        }
    }

    @Test
    void guidanceOfWeightOneIsTheModelAloneAndOfWeightZeroTheUnconditionalOne() {
        float[] conditional = sample(model, Request.seed(1).withLabel(3));
        float[] unconditional = sample(model, Request.seed(1));
        assertFalse(Arrays.equals(conditional, unconditional), "the label matters");
        assertArrayEquals(conditional, sample(Afterwards.close(Guidance.of(model, 1)), Request.seed(1).withLabel(3)));
        assertArrayEquals(unconditional, sample(Afterwards.close(Guidance.of(model, 0)), Request.seed(1).withLabel(3)));
        assertArrayEquals(unconditional, sample(Afterwards.close(Guidance.of(model, 7)), Request.seed(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64})
    void eachSampleIsWhatItsSeedGivesAloneWhateverTheBatch(int maxBatch) {
        for (double weight : new double[] {1, 3}) {
            Denoiser guided = Afterwards.close(Guidance.of(model, weight));
            try (Sampler sampler = Sampler.builder(guided, TestGrids.linear(STEPS)).solver(new Ddim(0.7))
                    .maxBatch(maxBatch).build()) {
                List<Sample> samples = sampler.sample(requests(7));
                assertEquals(7, samples.size());
                for (int s = 0; s < 7; s++) {
                    assertArrayEquals(sampler.sample(requests(7).get(s)).values(), samples.get(s).values(),
                            "sample " + s);
                }
            }
        }
    }

    @Test
    void roundsAreSplitIntoBatchesOfTheLargestSize() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(2)).maxBatch(3).build()) {
            sampler.sample(requests(7));
            assertEquals(List.of(3, 3, 1, 3, 3, 1), model.batchSizes());
            assertEquals(List.of(), model.prepared(), "unasked");
            sampler.warmUp(requests(2).toArray(new Request[0]));
            assertEquals(List.of(2), model.prepared());
        }
    }

    @Test
    void startNoiseIsTorchsAndRowNoiseTheNextOfItsStream() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddpm()).build()) {
            TorchRandom random = new TorchRandom(42);
            float[] start = normal(random);
            float[] rowNoise = new float[STEPS * DIM];
            for (int row = 1; row < STEPS; row++) {
                System.arraycopy(normal(random), 0, rowNoise, (row - 1) * DIM, DIM);
            }
            float[] expected = ForwardSubstitution.solve(sampler.system(), TestDenoisers.bent(DIM), Condition.none(),
                    start, rowNoise)[STEPS];
            assertArrayEquals(expected, sampler.sample(Request.seed(42)).values());
            Request given = Request.seed(7).withStart(start).withRowNoise(rowNoise);
            assertArrayEquals(expected, sampler.sample(given).values(), "the same noise, given");
        }
    }

    @Test
    void givenNoiseIsUsedAndLeftAlone() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddpm()).build()) {
            TorchRandom random = new TorchRandom(5);
            float[] start = normal(random);
            float[] rowNoise = new float[STEPS * DIM];
            random.fillNormal(rowNoise);
            float[] startBefore = start.clone();
            float[] rowNoiseBefore = rowNoise.clone();
            Request request = Request.seed(1).withLabel(2).withStart(start).withRowNoise(rowNoise);
            float[] expected = ForwardSubstitution.solve(sampler.system(), TestDenoisers.bent(DIM),
                    Condition.label(2), start, rowNoise)[STEPS];
            assertArrayEquals(expected, sampler.sample(List.of(Request.seed(1), request)).get(1).values());
            assertArrayEquals(startBefore, start);
            assertArrayEquals(rowNoiseBefore, rowNoise);
        }
    }

    @Test
    void valuesBelongToTheCaller() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build()) {
            float[] first = sampler.sample(Request.seed(1)).values();
            float[] kept = first.clone();
            sampler.sample(Request.seed(2));
            assertArrayEquals(kept, first, "a later run does not touch them");
            Arrays.fill(first, 0);
            assertArrayEquals(kept, sampler.sample(Request.seed(1)).values(), "nor do they touch a later run");
        }
    }

    @Test
    void numberOfSamplesMayChangeFromRunToRun() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddpm()).build()) {
            float[] expected = sampler.sample(requests(3)).get(2).values();
            for (int samples : new int[] {1, 5, 3, 4, 3}) {
                List<Sample> results = sampler.sample(requests(samples));
                assertEquals(samples, results.size());
                if (samples > 2) {
                    assertArrayEquals(expected, results.get(2).values());
                }
            }
        }
    }

    @Test
    void callsFromManyThreadsRunOneAfterAnother() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddim(0.5)).build()) {
            List<float[]> expected = sampler.sample(requests(4)).stream().map(Sample::values).toList();
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int samples = t + 1;
                tasks.add(() -> {
                    for (int run = 0; run < 25; run++) {
                        List<Sample> results = run % 2 == 0 ? sampler.sample(requests(samples))
                                : sampler.sampleAsync(requests(samples), RunOptions.defaults()).get();
                        for (int s = 0; s < samples; s++) {
                            assertArrayEquals(expected.get(s), results.get(s).values());
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> task : pool.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void futureGivesWhatTheCallGivesAndLetsTheSamplerBeClosed() throws Exception {
        for (int run = 0; run < 50; run++) {
            try (Sampler sampler = Sampler.builder(model, TestGrids.linear(2)).build()) {
                List<Sample> samples = sampler.sampleAsync(requests(2), RunOptions.defaults()).get();
                assertDoesNotThrow((Executable) sampler::close);
                assertArrayEquals(sample(model, requests(2).get(1), 2), samples.get(1).values());
            }
        }
    }

    @Test
    void listenerSeesEveryRound() {
        List<String> seen = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(3)).build()) {
            sampler.sample(requests(2), RunOptions.defaults().withListener(progress -> seen.add(progress.round() + ": "
                    + progress.evaluations() + ", " + progress.finalRows() + " of " + progress.rows())));
        }
        assertEquals(List.of("1: 2, 2 of 6", "2: 4, 4 of 6", "3: 6, 6 of 6"), seen);
    }

    private float[] sample(Denoiser denoiser, Request request) {
        return sample(denoiser, request, STEPS);
    }

    private static float[] sample(Denoiser denoiser, Request request, int steps) {
        try (Sampler sampler = Sampler.builder(denoiser, TestGrids.linear(steps)).build()) {
            return sampler.sample(request).values();
        }
    }

    private static float[] normal(TorchRandom random) {
        float[] values = new float[DIM];
        random.fillNormal(values);
        return values;
    }

    private static List<Request> requests(int samples) {
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < samples; s++) {
            requests.add(Request.seed(s).withLabel(s));
        }
        return requests;
    }

    /** Rounds of several model calls: all of them are the model's time of every sample, and nobody's own. */
    @Test
    void timeInTheModelIsThatOfTheRounds() {
        long call = 2_000_000;
        model.beforeCall(batch -> {
            long end = System.nanoTime() + call;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(3)).maxBatch(1).build()) {
            for (Sample sample : sampler.sample(requests(4))) {
                Stats stats = sample.stats();
                assertTrue(stats.modelSeconds() >= 3 * 4 * call * 1e-9, stats.toString());
                assertEquals(stats.seconds(), stats.queuedSeconds() + stats.modelSeconds() + stats.ownSeconds(), 1e-9);
            }
        }
    }

    @Test
    void aWarmUpThatIsInterruptedSaysSo() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(2)).build()) {
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> sampler.warmUp(requests(1).get(0)));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            sampler.warmUp(requests(1).get(0));
            assertThrows(IllegalArgumentException.class, () -> sampler.warmUp());
        }
    }
}
