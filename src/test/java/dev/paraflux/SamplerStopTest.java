package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.UnwantedException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that end before their last row: who stops them, how soon, and that the sampler is as good as before. */
class SamplerStopTest {
    private static final int DIM = 20;
    private static final int STEPS = 8;
    private static final List<Request> TWO = List.of(Request.seed(1), Request.seed(2).withLabel(4));

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build();
    private final float[] expected = sampler.sample(TWO).get(1).values();
    private final int before = model.calls();

    /** Whatever a test did to a run, the next one is right and the sampler can be closed. */
    @AfterEach
    void samplerIsAsGoodAsBefore() {
        model.beforeCall(batch -> {});
        assertArrayEquals(expected, sampler.sample(TWO).get(1).values());
        sampler.close();
    }

    @Test
    void cancelBeforeTheRunCostsNoModelCall() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        List<Sample> samples = sampler.sample(TWO, RunOptions.defaults().withCancellation(cancellation));
        assertEquals(0, calls());
        assertStopped(samples, Status.CANCELLED, 0);
        String message = assertThrows(IllegalStateException.class, samples.get(0)::values).getMessage();
        assertEquals("no sample: " + samples.get(0).message(), message);
    }

    @Test
    void cancelFromTheListenerStopsBeforeTheNextModelCall() {
        Cancellation cancellation = new Cancellation();
        List<Sample> samples = sampler.sample(TWO,
                RunOptions.defaults().withCancellation(cancellation).withListener(progress -> {
                    if (progress.round() == 3) {
                        cancellation.cancel();
                    }
                }));
        assertEquals(3, calls());
        assertStopped(samples, Status.CANCELLED, 3);
    }

    @Test
    void cancelFromAnotherThreadStopsAfterTheModelCallUnderWay() throws Exception {
        CountDownLatch thirdCall = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        atCall(3, call -> {
            thirdCall.countDown();
            await(cancelled);
        });
        Cancellation cancellation = new Cancellation();
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(TWO,
                RunOptions.defaults().withCancellation(cancellation));
        await(thirdCall);
        cancellation.cancel();
        cancelled.countDown();
        assertStopped(future.get(), Status.CANCELLED, 3);
        assertEquals(3, calls());
    }

    @Test
    void aModelMayEndACallThatNobodyWaitsFor() {
        Cancellation cancellation = new Cancellation();
        model.beforeCall(batch -> {
            assertFalse(batch.unwanted().getAsBoolean());
            if (calls() == 3) {
                cancellation.cancel();
                assertTrue(batch.unwanted().getAsBoolean());
                throw new UnwantedException();
            }
        });
        assertStopped(sampler.sample(TWO, RunOptions.defaults().withCancellation(cancellation)), Status.CANCELLED, 2);
        assertEquals(3, calls());
    }

    @Test
    void aCallIsWantedAsLongAsSomebodyWaitsForIt() throws Exception {
        CountDownLatch firstCall = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        Cancellation cancellation = new Cancellation();
        List<Boolean> unwanted = new ArrayList<>();
        model.beforeCall(batch -> {
            if (calls() == 1) {
                firstCall.countDown();
                await(entered);
            } else if (calls() == 2) {
                assertEquals(4, batch.size());
                cancellation.cancel();
                unwanted.add(batch.unwanted().getAsBoolean());
            }
        });
        CompletableFuture<List<Sample>> stays = sampler.sampleAsync(TWO, RunOptions.defaults());
        await(firstCall);
        CompletableFuture<List<Sample>> leaves = sampler.sampleAsync(TWO,
                RunOptions.defaults().withCancellation(cancellation));
        entered.countDown();
        assertArrayEquals(expected, stays.get().get(1).values());
        assertEquals(List.of(false), unwanted);
        assertEquals(Status.CANCELLED, leaves.get().get(0).status());
    }

    @Test
    void aModelThatEndsACallThatIsWantedFails() {
        atCall(2, call -> {
            throw new UnwantedException();
        });
        assertThrows(UnwantedException.class, () -> sampler.sample(TWO));
    }

    @Test
    void cancellingTheFutureCancelsTheRun() {
        CountDownLatch thirdCall = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        atCall(3, call -> {
            thirdCall.countDown();
            await(cancelled);
        });
        Cancellation callers = new Cancellation();
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(TWO,
                RunOptions.defaults().withCancellation(callers));
        await(thirdCall);
        assertTrue(future.cancel(true));
        cancelled.countDown();
        sampler.sampleAsync(TWO, RunOptions.defaults()).join();
        assertEquals(3 + STEPS, calls(), "three calls of the cancelled run, then those of the next");
        assertThrows(CancellationException.class, future::join);
        assertFalse(callers.isCancelled(), "the caller's own switch may serve other runs");
    }

    @Test
    void deadlineThatHasPassedCostsNoModelCall() {
        List<Sample> samples = sampler.sample(TWO, RunOptions.defaults().withTimeout(Duration.ofNanos(1)));
        assertEquals(0, calls());
        assertStopped(samples, Status.DEADLINE_PASSED, 0);
    }

    @Test
    void deadlineTakesEffectWithinOneModelCall() {
        Duration timeout = Duration.ofMillis(20);
        atCall(2, call -> {
            long entered = System.nanoTime();
            while (System.nanoTime() - entered < timeout.toNanos()) {
                Thread.onSpinWait();
            }
        });
        List<Sample> samples = sampler.sample(TWO, RunOptions.defaults().withTimeout(timeout));
        // A slow machine may have passed the deadline before the second call.
        assertTrue(calls() <= 2, calls() + " calls");
        assertStopped(samples, Status.DEADLINE_PASSED, calls());
    }

    @Test
    void longestTimeoutsAreAsGoodAsNone() {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        for (Sample sample : sampler.sample(TWO, RunOptions.defaults().withTimeout(forever))) {
            assertEquals(Status.COMPLETED, sample.status());
        }
    }

    @Test
    void samplesThatEndedBeforeTheStopKeepTheirStatus() {
        Cancellation cancellation = new Cancellation();
        model.spoil((level, condition) -> calls() == 2 && condition.equals(TWO.get(1).condition()));
        List<Sample> samples = sampler.sample(TWO,
                RunOptions.defaults().withCancellation(cancellation).withListener(progress -> {
                    if (progress.round() == 4) {
                        cancellation.cancel();
                    }
                }));
        assertEquals(Status.CANCELLED, samples.get(0).status());
        assertEquals(4, samples.get(0).stats().rounds());
        assertEquals(Status.NON_FINITE, samples.get(1).status());
        assertEquals(2, samples.get(1).stats().rounds());
        assertEquals(List.of(2, 2, 1, 1), model.batchSizes().subList(before, before + 4),
                "it takes no more batch rows");
    }

    @Test
    void exceptionOfTheListenerSurfaces() {
        RuntimeException thrown = new RuntimeException("from the listener");
        RuntimeException caught = assertThrows(RuntimeException.class,
                () -> sampler.sample(TWO, RunOptions.defaults().withListener(progress -> {
                    throw thrown;
                })));
        assertSame(thrown, caught);
        assertEquals(1, calls());
    }

    @Test
    void exceptionAndErrorOfTheModelSurface() {
        RuntimeException thrown = new RuntimeException("from the model");
        atCall(3, call -> {
            throw thrown;
        });
        assertSame(thrown, assertThrows(RuntimeException.class, () -> sampler.sample(TWO)));
        Error error = new StackOverflowError("from the model");
        atCall(calls() + 1, call -> {
            throw error;
        });
        assertSame(error, assertThrows(StackOverflowError.class, () -> sampler.sample(TWO)));
    }

    @Test
    void exceptionOfTheModelCompletesTheFuture() {
        RuntimeException thrown = new RuntimeException("from the model");
        atCall(2, call -> {
            throw thrown;
        });
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(TWO, RunOptions.defaults());
        assertSame(thrown, assertThrows(ExecutionException.class, future::get).getCause());
    }

    @Test
    void requestsOfARunUnderWayMayBeReusedByTheirOwner() throws Exception {
        CountDownLatch firstCall = new CountDownLatch(1);
        CountDownLatch cleared = new CountDownLatch(1);
        atCall(1, call -> {
            firstCall.countDown();
            await(cleared);
        });
        List<Request> requests = new ArrayList<>(TWO);
        CompletableFuture<List<Sample>> running = sampler.sampleAsync(requests, RunOptions.defaults());
        await(firstCall);
        CompletableFuture<List<Sample>> waiting = sampler.sampleAsync(requests, RunOptions.defaults());
        requests.clear();
        cleared.countDown();
        assertArrayEquals(expected, running.get().get(1).values());
        assertArrayEquals(expected, waiting.get().get(1).values());
    }

    private void assertStopped(List<Sample> samples, Status status, int rounds) {
        for (Sample sample : samples) {
            assertEquals(status, sample.status());
            assertEquals(rounds, sample.stats().rounds());
            assertEquals(rounds, sample.stats().evaluations());
            assertEquals(rounds == 0 ? "before its first round: " + status.advice()
                    : "in round " + (rounds + 1) + ", with " + rounds + " of " + STEPS + " rows final: "
                            + status.advice(),
                    sample.message());
        }
    }

    private int calls() {
        return model.calls() - before;
    }

    private void atCall(int number, IntConsumer action) {
        model.beforeCall(batch -> {
            if (calls() == number) {
                action.accept(number);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
