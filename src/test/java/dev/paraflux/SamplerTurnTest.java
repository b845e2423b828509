package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that wait while another one's run is held in its first model call: they can all give up, and keep their order. */
@Timeout(120)
class SamplerTurnTest {
    private static final int DIM = 20;
    private static final int STEPS = 8;
    private static final List<Request> ONE = List.of(Request.seed(1));
    private static final Duration SHORT = Duration.ofMillis(20);

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(1).build();
    private final float[] expected = sampler.sample(ONE).get(0).values();
    private final Gate gate = new Gate();
    private CompletableFuture<List<Sample>> holder;

    @BeforeEach
    void holdTheTurn() {
        int before = model.calls();
        model.beforeCall(batch -> {
            if (model.calls() == before + 1) {
                gate.pass();
            }
        });
        holder = sampler.sampleAsync(ONE, RunOptions.defaults());
        gate.awaitRun();
    }

    @AfterEach
    void samplerIsAsGoodAsBefore() {
        gate.open();
        assertArrayEquals(expected, holder.join().get(0).values());
        assertArrayEquals(expected, sampler.sample(ONE).get(0).values());
        sampler.close();
    }

    private static Sample get(FutureTask<List<Sample>> task) {
        try {
            return task.get().get(0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Thread inThread(FutureTask<List<Sample>> task) {
        Thread thread = new Thread(task);
        thread.start();
        return thread;
    }

    /** The state of a thread that has lined up. */
    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void assertNeverBegun(Status status, Sample sample) {
        assertEquals(status, sample.status());
        assertEquals("before its first round: " + status.advice(), sample.message());
        assertFalse(sample.hasValues());
        assertEquals(0, sample.stats().rounds());
        assertEquals(sample.stats().seconds(), sample.stats().queuedSeconds());
        assertEquals(0, sample.stats().ownSeconds());
    }

    @Test
    void timeLimitCountsFromTheCall() {
        Sample sample = sampler.sample(ONE, RunOptions.defaults().withTimeout(SHORT)).get(0);
        assertNeverBegun(Status.DEADLINE_PASSED, sample);
        assertTrue(sample.stats().queuedSeconds() >= SHORT.toNanos() * 1e-9, sample.toString());
        assertFalse(holder.isDone(), "it did not wait for the run before");
    }

    @Test
    void timeLimitOfAnAsynchronousCallCountsFromTheCallToo() {
        List<CompletableFuture<List<Sample>>> futures = IntStream.range(0, 8)
                .mapToObj(i -> sampler.sampleAsync(ONE, RunOptions.defaults().withTimeout(SHORT))).toList();
        futures.forEach(future -> assertNeverBegun(Status.DEADLINE_PASSED, future.join().get(0)));
        assertFalse(holder.isDone());
    }

    @Test
    void cancelActsWhileACallWaits() {
        Cancellation cancellation = new Cancellation();
        RunOptions options = RunOptions.defaults().withCancellation(cancellation);
        FutureTask<List<Sample>> waiting = new FutureTask<>(() -> sampler.sample(ONE, options));
        Thread thread = inThread(waiting);
        CompletableFuture<List<Sample>> async = sampler.sampleAsync(ONE, options);
        awaitParked(thread);
        cancellation.cancel();
        assertNeverBegun(Status.CANCELLED, get(waiting));
        assertNeverBegun(Status.CANCELLED, async.join().get(0));
        assertFalse(holder.isDone());
    }

    @Test
    void interruptActsWhileACallWaitsAndIsKept() {
        boolean[] interrupted = new boolean[1];
        FutureTask<List<Sample>> waiting = new FutureTask<>(() -> {
            List<Sample> samples = sampler.sample(ONE);
            interrupted[0] = Thread.currentThread().isInterrupted();
            return samples;
        });
        Thread thread = inThread(waiting);
        awaitParked(thread);
        thread.interrupt();
        assertNeverBegun(Status.CANCELLED, get(waiting));
        assertTrue(interrupted[0]);
        assertFalse(holder.isDone());
    }

    @Test
    void callersAreServedInTheOrderOfTheirCalls() throws InterruptedException {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        List<CompletableFuture<List<Sample>>> futures = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int caller = i;
            RunOptions options = RunOptions.defaults().withListener(progress -> {
                if (progress.round() == 1) {
                    order.add(caller);
                }
            });
            if (i % 2 == 0) {
                Thread thread = new Thread(() -> sampler.sample(ONE, options));
                thread.start();
                awaitParked(thread);
                threads.add(thread);
            } else {
                futures.add(sampler.sampleAsync(ONE, options));
            }
        }
        gate.open();
        for (Thread thread : threads) {
            thread.join();
        }
        futures.forEach(CompletableFuture::join);
        assertEquals(IntStream.range(0, 12).boxed().toList(), order);
    }

    @Test
    void statisticsTellTheWaiting() {
        CompletableFuture<List<Sample>> waiting = sampler.sampleAsync(ONE, RunOptions.defaults());
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < SHORT.toNanos()) {
            Thread.onSpinWait();
        }
        gate.open();
        Stats stats = waiting.join().get(0).stats();
        assertTrue(stats.queuedSeconds() >= SHORT.toNanos() * 1e-9, stats.toString());
        assertTrue(stats.modelSeconds() > 0 && stats.ownSeconds() > 0, stats.toString());
        assertEquals(stats.seconds(), stats.queuedSeconds() + stats.modelSeconds() + stats.ownSeconds(), 1e-9);
        Stats first = holder.join().get(0).stats();
        assertTrue(first.modelSeconds() >= SHORT.toNanos() * 1e-9 && first.queuedSeconds() < first.modelSeconds());
    }

    /** Whoever gives up leaves no hole behind. */
    @Test
    void thoseBehindACallThatGaveUpAreServed() {
        CompletableFuture<List<Sample>> late = sampler.sampleAsync(ONE, RunOptions.defaults().withTimeout(SHORT));
        CompletableFuture<List<Sample>> patient = sampler.sampleAsync(ONE, RunOptions.defaults());
        assertEquals(Status.DEADLINE_PASSED, late.join().get(0).status());
        gate.open();
        assertArrayEquals(expected, patient.join().get(0).values());
    }
}
