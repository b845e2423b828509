package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.Denoiser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that join rounds which are running: they share the model's calls and nothing else. */
@Timeout(120)
class SamplerJoinTest {
    private static final int DIM = RandomRequests.DIM;
    private static final int STEPS = 8;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    /** Everything that a sample says of itself, but for times. */
    static void assertSame(Sample expected, Sample actual, String what) {
        assertEquals(expected.status(), actual.status(), what);
        assertEquals(expected.message(), actual.message(), what);
        assertEquals(expected.hasValues(), actual.hasValues(), what);
        if (expected.hasValues()) {
            assertArrayEquals(expected.values(), actual.values(), what);
        }
        Stats one = expected.stats();
        Stats other = actual.stats();
        assertEquals(List.of(one.rounds(), one.evaluations(), one.modelRows(), one.finalRows(), one.residual(),
                one.updates(), one.changes()),
                List.of(other.rounds(), other.evaluations(), other.modelRows(), other.finalRows(), other.residual(),
                        other.updates(), other.changes()),
                what);
    }

    /** Whoever gives up is gone after the model call that is under way: the next one of others is none of his. */
    @Test
    void aStoppedCallDoesNotWaitForOthersModelCall() {
        Cancellation cancellation = new Cancellation();
        Gate joined = new Gate();
        Gate gone = new Gate();
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                joined.pass();
            } else if (batch.size() == 2) {
                cancellation.cancel();
            } else if (cancellation.isCancelled()) {
                gone.pass();
            }
        });
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build()) {
            CompletableFuture<Sample> patient = sampler.sampleAsync(Request.seed(1));
            joined.awaitRun();
            CompletableFuture<Sample> stopped = sampler.sampleAsync(Request.seed(2),
                    RunOptions.defaults().withCancellation(cancellation));
            stopped.whenComplete((sample, failure) -> gone.open());
            joined.open();
            assertEquals(Status.CANCELLED, stopped.join().status());
            assertEquals(Status.COMPLETED, patient.join().status());
        }
    }

    /** All in one call, in one batch or in many; from many threads, who come when they will; each in its own sampler. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 1000})
    void aSampleDoesNotDependOnWhoRidesAlong(int maxBatch) throws Exception {
        Denoiser mixed = Afterwards.close(RandomRequests.model(model));
        RandomRequests requests = new RandomRequests(maxBatch);
        List<Request> mix = IntStream.range(0, 60).mapToObj(i -> requests.next()).toList();
        List<Sample> alone = new ArrayList<>();
        for (Request request : mix) {
            try (Sampler own = Sampler.builder(mixed, TestGrids.linear(STEPS)).build()) {
                alone.add(own.sample(request));
            }
        }
        try (Sampler together = Sampler.builder(mixed, TestGrids.linear(STEPS)).maxBatch(maxBatch).build()) {
            assertAll(alone, together.sample(mix), mix);
            assertAll(alone, inThreads(together, mix, 4), mix);
        }
        try (Sampler few = Sampler.builder(mixed, TestGrids.linear(STEPS)).maxBatch(maxBatch).maxSamples(5).build()) {
            assertAll(alone, few.sample(mix), mix);
            assertAll(alone, inThreads(few, mix, 7), mix);
        }
    }

    private static void assertAll(List<Sample> expected, List<Sample> actual, List<Request> mix) {
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), actual.get(i), i + ": " + mix.get(i));
        }
    }

    /** Thread t draws every threads-th request, some waited for, some not. */
    private static List<Sample> inThreads(Sampler sampler, List<Request> mix, int threads) throws Exception {
        Sample[] samples = new Sample[mix.size()];
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t;
            tasks.add(new FutureTask<>(() -> {
                Random random = new Random(first);
                for (int i = first; i < samples.length; i += threads) {
                    samples[i] = random.nextInt(3) == 0 ? sampler.sampleAsync(mix.get(i)).join()
                            : sampler.sample(mix.get(i));
                }
                return null;
            }));
            new Thread(tasks.get(t)).start();
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        return List.of(samples);
    }

    /** Three callers come while a first one's first call is under way; from the next round on there is one call for all. */
    @Test
    void callsOfSeveralThreadsShareModelCalls() throws Exception {
        Gate gate = new Gate();
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                gate.pass();
            }
        });
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build()) {
            List<FutureTask<Sample>> tasks = new ArrayList<>();
            tasks.add(draw(sampler, 0));
            gate.awaitRun();
            List<CompletableFuture<Sample>> futures = List.of(sampler.sampleAsync(Request.seed(1)),
                    sampler.sampleAsync(Request.seed(2)));
            tasks.add(draw(sampler, 3));
            gate.open();
            for (FutureTask<Sample> task : tasks) {
                assertEquals(STEPS, task.get().stats().rounds());
            }
            futures.forEach(future -> assertEquals(STEPS, future.join().stats().rounds()));
        }
        List<Integer> expected = new ArrayList<>();
        expected.add(1);
        expected.addAll(IntStream.range(1, STEPS).mapToObj(i -> 4).toList());
        expected.add(3);
        assertEquals(expected, model.batchSizes());
    }

    /** Returns once the call is in the line. */
    private static FutureTask<Sample> draw(Sampler sampler, int seed) {
        FutureTask<Sample> task = new FutureTask<>(() -> sampler.sample(Request.seed(seed)));
        Thread thread = new Thread(task);
        thread.start();
        SamplerLeadTest.awaitParked(thread);
        return task;
    }

    /** All that arrive during one model call count, whether or not the leader has taken them in. */
    @Test
    void beyondPlacesAndWaitersCallsAreRefused() {
        Gate gate = new Gate();
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                gate.pass();
            }
        });
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(4).maxWaiting(2).build()) {
            List<CompletableFuture<List<Sample>>> taken = new ArrayList<>();
            taken.add(sampler.sampleAsync(List.of(Request.seed(0)), RunOptions.defaults()));
            gate.awaitRun();
            taken.add(sampler.sampleAsync(List.of(Request.seed(1), Request.seed(2)), RunOptions.defaults()));
            for (int i = 3; i < 6; i++) {
                taken.add(sampler.sampleAsync(List.of(Request.seed(i)), RunOptions.defaults()));
            }
            for (Runnable call : List.<Runnable>of(() -> sampler.sample(Request.seed(6)),
                    () -> sampler.sampleAsync(Request.seed(6)))) {
                String message = assertThrows(RejectedExecutionException.class, call::run).getMessage();
                assertTrue(message.contains("maxSamples 4") && message.contains("maxWaiting 2"), message);
            }
            taken.get(4).cancel(true);
            taken.set(4, sampler.sampleAsync(List.of(Request.seed(7)), RunOptions.defaults()));
            assertThrows(RejectedExecutionException.class, () -> sampler.sample(Request.seed(8)), "its place is taken");
            gate.open();
            taken.forEach(future -> future.join()
                    .forEach(sample -> assertEquals(Status.COMPLETED, sample.status())));
            assertEquals(Status.COMPLETED, sampler.sample(Request.seed(9)).status(), "there is room again");
        }
        assertTrue(model.batchSizes().stream().allMatch(size -> size <= 4));
    }

    @Test
    void nobodyMayWaitWhereMaxWaitingIs0() {
        Gate gate = new Gate();
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                gate.pass();
            }
        });
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(2).maxWaiting(0).build()) {
            CompletableFuture<Sample> first = sampler.sampleAsync(Request.seed(0));
            gate.awaitRun();
            CompletableFuture<Sample> second = sampler.sampleAsync(Request.seed(1));
            assertThrows(RejectedExecutionException.class, () -> sampler.sampleAsync(Request.seed(2)));
            gate.open();
            assertEquals(Status.COMPLETED, first.join().status());
            assertEquals(Status.COMPLETED, second.join().status());
        }
    }

    @Test
    void aListLongerThanMaxSamplesIsDrawnAsPlacesBecomeFree() {
        List<Request> many = IntStream.range(0, 50).mapToObj(i -> Request.seed(i).withGrid(TestGrids.linear(1 + i % 5)))
                .toList();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(3).maxWaiting(0).build()) {
            List<Sample> samples = sampler.sample(many);
            for (int i = 0; i < many.size(); i++) {
                assertSame(sampler.sample(many.get(i)), samples.get(i), "sample " + i);
            }
        }
        assertTrue(model.batchSizes().stream().allMatch(size -> size <= 3));
        int evaluations = 2 * many.stream().mapToInt(request -> request.grid().steps()).sum();
        assertEquals(evaluations, model.batchSizes().stream().mapToInt(size -> size).sum());
        assertTrue(model.calls() < evaluations / 2 + evaluations / 5, model.calls() + " calls: places were left empty");
    }

    /** What a listener sees of samples that wait is nothing, and of those under way their rows. */
    @Test
    void aListenerOfALongListSeesThoseUnderWay() {
        List<Request> many = IntStream.range(0, 7).mapToObj(Request::seed).toList();
        float[] values = new float[DIM];
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(2)).maxSamples(2).build()) {
            List<Sample> samples = sampler.sample(many, RunOptions.defaults().withListener(progress -> {
                int shown = 0;
                for (int s = 0; s < progress.samples(); s++) {
                    progress.preview(s, values);
                    shown += Float.isNaN(values[0]) ? 0 : 1;
                }
                int over = progress.round() / 2 * 2;
                assertEquals(Math.min(7, over + progress.round() % 2 * 2), shown, "round " + progress.round());
                assertEquals(14, progress.rows());
            }));
            assertFalse(samples.stream().anyMatch(sample -> sample.status() != Status.COMPLETED));
        }
    }

    /** Another caller leads meanwhile, and takes the next of the list in: it is not to be looked at before its first round. */
    @Test
    void aListenerDoesNotSeeWhatJoinsWhileItRuns() throws Exception {
        Gate inListener = new Gate();
        float[] values = new float[DIM];
        List<Float> seen = new ArrayList<>();
        RunOptions watched = RunOptions.defaults().withListener(progress -> {
            if (progress.round() == 1) {
                inListener.pass();
            }
            if (progress.round() <= 2) {
                progress.preview(2, values);
                seen.add(values[0]);
            }
        });
        List<Request> list = List.of(Request.seed(1).withGrid(TestGrids.linear(1)), Request.seed(2), Request.seed(3));
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(2).build()) {
            CompletableFuture<List<Sample>> listening = sampler.sampleAsync(list, watched);
            inListener.awaitRun();
            FutureTask<Sample> other = draw(sampler, 4);
            inListener.open();
            listening.join().forEach(sample -> assertEquals(Status.COMPLETED, sample.status()));
            assertEquals(Status.COMPLETED, other.get().status());
        }
        assertTrue(Float.isNaN(seen.get(0)) && Float.isFinite(seen.get(1)), seen.toString());
    }
}
