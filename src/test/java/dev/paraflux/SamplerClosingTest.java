package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sampler closed wherever its calls are: in the line, in a model call, in a listener, by any thread, by several. */
@Timeout(120)
class SamplerClosingTest {
    private static final int DIM = 20;
    private static final int STEPS = 8;
    private static final RunOptions PLAIN = RunOptions.defaults();

    private final long before = NativeMemory.allocatedBytes();
    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(3).build();
    private final Gate gate = new Gate();

    /** Closed by whatever way: every way in is shut, and all memory is given back. */
    @AfterEach
    void closedSamplerRefusesAndHasLeftNothing() {
        gate.open();
        sampler.close();
        assertEquals(before, NativeMemory.allocatedBytes());
        int calls = model.calls();
        FloatBuffer into = ByteBuffer.allocateDirect(4 * DIM).order(ByteOrder.nativeOrder()).asFloatBuffer();
        RunOptions timed = PLAIN.withTimeout(Duration.ofSeconds(1));
        for (Runnable use : List.<Runnable>of(() -> sampler.sample(Request.seed(1)),
                () -> sampler.sampleAsync(Request.seed(1)), () -> sampler.sampleAsync(Request.seed(1), timed),
                () -> sampler.sample(Request.seed(1), into), () -> sampler.warmUp(Request.seed(1)))) {
            assertEquals("Sampler is closed", assertThrows(IllegalStateException.class, use::run).getMessage());
        }
        sampler.close(Duration.ofDays(1));
        assertEquals(calls, model.calls());
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private void holdCall(int number) {
        model.beforeCall(batch -> {
            if (model.calls() == number) {
                gate.pass();
            }
        });
    }

    private FutureTask<Sample> draw(int seed) {
        FutureTask<Sample> task = new FutureTask<>(() -> sampler.sample(Request.seed(seed)));
        Thread thread = new Thread(task);
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return task;
    }

    private List<CompletableFuture<Sample>> begin(int count) {
        return IntStream.range(0, count).mapToObj(i -> sampler.sampleAsync(Request.seed(i))).toList();
    }

    private static void assertCancelled(List<CompletableFuture<Sample>> futures) {
        futures.forEach(future -> assertEquals(Status.CANCELLED, future.join().status()));
    }

    @Test
    void unusedSamplersClose() {
        sampler.close();
        sampler.close();
    }

    /** Some in slots, some in the line, some of a list in both; waited for and not; while the model is called. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void callsUnderWayAndInLineEnd(int closers) throws Exception {
        holdCall(2);
        CompletableFuture<List<Sample>> list = sampler
                .sampleAsync(IntStream.range(0, 7).mapToObj(Request::seed).toList(), PLAIN);
        gate.awaitRun();
        List<CompletableFuture<Sample>> waiting = begin(5);
        List<FutureTask<Sample>> tasks = List.of(draw(8), draw(9));
        List<CompletableFuture<Void>> closes = IntStream.range(0, closers)
                .mapToObj(i -> CompletableFuture.runAsync(sampler::close, task -> new Thread(task).start())).toList();
        assertCancelled(waiting);
        for (FutureTask<Sample> task : tasks) {
            assertEquals(Status.CANCELLED, task.get().status());
        }
        assertFalse(closes.stream().anyMatch(CompletableFuture::isDone), "a model call is under way");
        gate.open();
        closes.forEach(CompletableFuture::join);
        assertEquals(before, NativeMemory.allocatedBytes());
        assertEquals(2, model.calls());
        List<Sample> samples = list.join();
        assertEquals(List.of(2, 2, 2, 0, 0, 0, 0), samples.stream().map(sample -> sample.stats().rounds()).toList());
        assertTrue(samples.stream().allMatch(sample -> sample.status() == Status.CANCELLED));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsEndWhileAListenerRuns(boolean async) throws Exception {
        RunOptions listening = PLAIN.withListener(progress -> gate.pass());
        CompletableFuture<List<Sample>> call = async ? sampler.sampleAsync(List.of(Request.seed(1)), listening)
                : CompletableFuture.supplyAsync(() -> sampler.sample(List.of(Request.seed(1)), listening),
                        task -> new Thread(task).start());
        gate.awaitRun();
        CompletableFuture<Void> close = CompletableFuture.runAsync(sampler::close, task -> new Thread(task).start());
        Thread.sleep(20);
        assertFalse(close.isDone(), "the listener looks at memory of the sampler");
        gate.open();
        close.join();
        assertEquals(before, NativeMemory.allocatedBytes());
        assertEquals(Status.CANCELLED, call.join().get(0).status());
        assertEquals(1, call.join().get(0).stats().rounds());
    }

    /** Others are under way and in the line then. */
    @ParameterizedTest
    @ValueSource(strings = {"model", "listener", "listener of a future", "stage"})
    void aCloseFromWithinEndsAllAndFreesWhenTheyAreOver(String where) throws Exception {
        holdCall(2);
        CompletableFuture<Sample> first = sampler.sampleAsync(Request.seed(0).withGrid(TestGrids.linear(1000)));
        gate.awaitRun();
        AtomicReference<Thread> closer = new AtomicReference<>();
        AtomicBoolean closed = new AtomicBoolean();
        Runnable close = () -> {
            closer.set(Thread.currentThread());
            sampler.close(where.equals("stage") ? Duration.ZERO : Duration.ofDays(1));
            closed.set(true);
        };
        RunOptions closing = where.startsWith("listener") ? PLAIN.withListener(progress -> close.run()) : PLAIN;
        List<CompletableFuture<Sample>> futures = new ArrayList<>();
        FutureTask<Sample> task = null;
        if (where.equals("listener")) {
            task = new FutureTask<>(() -> sampler.sample(List.of(Request.seed(5)), closing).get(0));
            new Thread(task).start();
        } else {
            futures.add(sampler.sampleAsync(Request.seed(5), closing));
        }
        futures.addAll(begin(6));
        CompletableFuture<Void> stage = where.equals("stage")
                ? futures.get(0).thenRunAsync(close) : CompletableFuture.completedFuture(null);
        int held = model.calls();
        model.beforeCall(batch -> {
            if (where.equals("model")) {
                close.run();
            }
            // The first is to be under way still when the close comes, which is within a run or waits for this one.
            while (model.calls() > held + 100 && !closed.get()
                    && (closer.get() == null || closer.get().getState() == Thread.State.RUNNABLE)) {
                Thread.onSpinWait();
            }
        });
        gate.open();
        assertEquals(Status.CANCELLED, first.join().status());
        futures.forEach(CompletableFuture::join);
        if (task != null) {
            assertEquals(Status.CANCELLED, task.get().status());
        }
        stage.join();
        // From outside it is waited for.
        sampler.close();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    @Test
    void aPatientCloseLetsFinishWhatRunsAndWaits() {
        holdCall(2);
        List<CompletableFuture<Sample>> futures = begin(9);
        gate.awaitRun();
        CompletableFuture<Void> close = CompletableFuture.runAsync(() -> sampler.close(Duration.ofMinutes(1)));
        while (!isClosed()) {
            Thread.onSpinWait();
        }
        gate.open();
        close.join();
        assertEquals(before, NativeMemory.allocatedBytes());
        for (int i = 0; i < 9; i++) {
            try (Sampler own = Sampler.builder(TestDenoisers.bent(DIM), TestGrids.linear(STEPS)).build()) {
                assertArrayEquals(own.sample(Request.seed(i)).values(), futures.get(i).join().values());
            }
        }
    }

    private boolean isClosed() {
        try {
            sampler.sampleAsync(Request.seed(0)).cancel(true);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void patienceEnds() {
        holdCall(2);
        List<CompletableFuture<Sample>> futures = begin(5);
        gate.awaitRun();
        CompletableFuture<Void> close = CompletableFuture.runAsync(() -> sampler.close(Duration.ofMillis(20)));
        assertEquals(Status.CANCELLED, futures.get(4).join().status());
        gate.open();
        close.join();
        assertCancelled(futures);
        assertThrows(IllegalArgumentException.class, () -> sampler.close(Duration.ofMillis(-1)));
    }

    /** A patient one and one that is not: the one that is not decides. */
    @Test
    void anImpatientCloseEndsAPatientOne() {
        holdCall(2);
        List<CompletableFuture<Sample>> futures = begin(5);
        gate.awaitRun();
        CompletableFuture<Void> patient = CompletableFuture.runAsync(() -> sampler.close(Duration.ofDays(100_000)),
                task -> new Thread(task).start());
        CompletableFuture<Void> close = CompletableFuture.runAsync(sampler::close, task -> new Thread(task).start());
        assertEquals(Status.CANCELLED, futures.get(4).join().status());
        gate.open();
        patient.join();
        close.join();
        assertCancelled(futures);
    }

    /** Calls that come while others close: each is refused or ends, and none is lost. */
    @Test
    void callsThatComeWhileItClosesAreRefusedOrEnd() throws Exception {
        for (int attempt = 0; attempt < 50; attempt++) {
            Sampler closing = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(2).build();
            List<FutureTask<Integer>> tasks = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                tasks.add(new FutureTask<>(() -> drawUntilClosed(closing)));
                new Thread(tasks.get(t)).start();
            }
            Thread.sleep(attempt % 5);
            closing.close();
            for (FutureTask<Integer> task : tasks) {
                task.get();
            }
            assertEquals(before, NativeMemory.allocatedBytes());
        }
    }

    private static int drawUntilClosed(Sampler closing) {
        int drawn = 0;
        try {
            while (true) {
                CompletableFuture<Sample> future = closing.sampleAsync(Request.seed(1));
                closing.sample(Request.seed(2));
                future.join();
                drawn++;
            }
        } catch (IllegalStateException e) {
            assertEquals("Sampler is closed", e.getMessage());
            return drawn;
        }
    }
}
