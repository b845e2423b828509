package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The futures of runs: what completes them from outside stops the run, and nothing waits for itself. */
@Timeout(120)
class SamplerFutureTest {
    private static final int DIM = 20;
    private static final int STEPS = 8;
    private static final List<Request> ONE = List.of(Request.seed(1));
    private static final RunOptions PLAIN = RunOptions.defaults();

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build();
    private final float[] expected = sampler.sample(ONE).get(0).values();
    private final int before = model.calls();
    private final Gate gate = new Gate();

    @AfterEach
    void samplerIsAsGoodAsBefore() {
        gate.open();
        model.beforeCall(batch -> {});
        assertArrayEquals(expected, sampler.sample(ONE).get(0).values());
        sampler.close();
    }

    private void holdTheThirdCall() {
        model.beforeCall(batch -> {
            if (model.calls() == before + 3) {
                gate.pass();
            }
        });
    }

    /** How a caller may stop waiting for a future. */
    private record Leaving(String name, Consumer<CompletableFuture<List<Sample>>> action) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Leaving> waysToLeave() {
        return List.of(
                new Leaving("cancel", future -> future.cancel(true)),
                new Leaving("complete", future -> future.complete(List.of())),
                new Leaving("completeExceptionally", future -> future.completeExceptionally(new Exception("enough"))),
                new Leaving("completeAsync", future -> future.completeAsync(List::of).join()),
                new Leaving("obtrudeValue", future -> future.obtrudeValue(List.of())),
                new Leaving("obtrudeException", future -> future.obtrudeException(new Exception("enough"))),
                new Leaving("orTimeout", future -> assertTrue(assertThrows(CompletionException.class,
                        future.orTimeout(1, TimeUnit.MILLISECONDS)::join).getCause() instanceof TimeoutException)),
                new Leaving("completeOnTimeout",
                        future -> future.completeOnTimeout(List.of(), 1, TimeUnit.MILLISECONDS).join()),
                new Leaving("a stage is cancelled", future -> future.thenApply(List::size).cancel(false)),
                new Leaving("a stage of a stage is cancelled",
                        future -> future.thenApply(List::size).thenAccept(size -> {}).cancel(false)),
                new Leaving("a stage times out", future -> assertThrows(CompletionException.class,
                        future.thenApply(List::size).orTimeout(1, TimeUnit.MILLISECONDS)::join)),
                new Leaving("a copy is cancelled", future -> future.copy().cancel(true)));
    }

    @ParameterizedTest
    @MethodSource("waysToLeave")
    void whoeverCompletesTheFutureStopsTheRunWithinOneModelCall(Leaving way) {
        holdTheThirdCall();
        Cancellation callers = new Cancellation();
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(ONE, PLAIN.withCancellation(callers));
        gate.awaitRun();
        way.action().accept(future);
        gate.open();
        assertArrayEquals(expected, sampler.sample(ONE).get(0).values());
        assertEquals(3 + STEPS, model.calls() - before, "three calls of the run, then those of the next");
        assertFalse(callers.isCancelled(), "the caller's own switch may serve other runs");
    }

    @Test
    void aStageThatTimesOutLeavesTheFutureItsStoppedSamples() {
        holdTheThirdCall();
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(ONE, PLAIN);
        gate.awaitRun();
        future.thenApply(List::size).cancel(true);
        gate.open();
        assertEquals(Status.CANCELLED, future.join().get(0).status());
    }

    /** A call that a listener or a model makes of its own sampler could wait for itself. */
    @Test
    void callsWithinARunAreRefused() {
        CompletableFuture<List<Sample>> done = sampler.sampleAsync(ONE, PLAIN);
        done.join();
        AtomicInteger refused = new AtomicInteger();
        ProgressListener calling = progress -> {
            assertThrows(IllegalStateException.class, () -> sampler.sample(ONE));
            assertThrows(IllegalStateException.class, () -> sampler.sampleAsync(ONE, PLAIN));
            refused.incrementAndGet();
        };
        assertArrayEquals(expected, sampler.sample(ONE, PLAIN.withListener(calling)).get(0).values());
        assertArrayEquals(expected,
                sampler.sampleAsync(ONE, PLAIN.withListener(calling)).join().get(0).values());
        assertEquals(2 * STEPS, refused.get());
        model.beforeCall(batch -> sampler.sampleAsync(ONE, PLAIN));
        assertThrows(IllegalStateException.class, () -> sampler.sample(ONE));
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(ONE, PLAIN);
        CompletionException failure = assertThrows(CompletionException.class, future::join);
        assertTrue(failure.getCause() instanceof IllegalStateException, failure.toString());
    }

    /** The run that it waits for waits for the run that it is in. */
    @Test
    void waitingForAnotherRunWithinARunIsRefused() {
        CountDownLatch heard = new CountDownLatch(1);
        model.beforeCall(batch -> {
            if (model.calls() == before + 3) {
                gate.pass();
            } else if (model.calls() == before + 5) {
                // The fourth call is the first that both are in.
                awaitHeard(heard);
            }
        });
        CompletableFuture<List<Sample>> other = sampler.sampleAsync(ONE, PLAIN);
        gate.awaitRun();
        CompletableFuture<List<Sample>> listening = sampler.sampleAsync(ONE, PLAIN.withListener(progress -> {
            if (progress.round() == 1) {
                assertFalse(other.isDone());
                assertThrows(IllegalStateException.class, other::join);
                assertThrows(IllegalStateException.class, other::get);
                assertThrows(IllegalStateException.class, () -> other.get(1, TimeUnit.HOURS));
                assertThrows(IllegalStateException.class, other.thenApply(List::size)::join);
                heard.countDown();
            }
        }));
        gate.open();
        assertArrayEquals(expected, listening.join().get(0).values());
        assertArrayEquals(expected, other.join().get(0).values());
    }

    private static void awaitHeard(CountDownLatch heard) {
        try {
            assertTrue(heard.await(1, TimeUnit.MINUTES), "the listener was held up, or refused nothing");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** There is nothing to wait for then. */
    @Test
    void aFutureThatIsDoneCanBeReadAnywhere() {
        CompletableFuture<List<Sample>> done = sampler.sampleAsync(ONE, PLAIN);
        done.join();
        sampler.sample(ONE, PLAIN.withListener(
                progress -> assertArrayEquals(expected, done.join().get(0).values())));
    }

    @Test
    void aStageMayBeginAndAwaitTheNextRun() {
        CompletableFuture<List<Sample>> second = sampler.sampleAsync(ONE, PLAIN)
                .thenApply(samples -> sampler.sampleAsync(ONE, PLAIN).join());
        assertArrayEquals(expected, second.join().get(0).values());
        CompletableFuture<List<Sample>> third = sampler.sampleAsync(ONE, PLAIN)
                .thenCompose(samples -> sampler.sampleAsync(ONE, PLAIN));
        assertArrayEquals(expected, third.join().get(0).values());
    }

    @Test
    void closeEndsWhatRunsAndWhatWaits() {
        holdTheThirdCall();
        Sampler closing = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(1).build();
        List<CompletableFuture<List<Sample>>> futures = IntStream.range(0, 5)
                .mapToObj(i -> closing.sampleAsync(ONE, PLAIN)).toList();
        gate.awaitRun();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close);
        futures.subList(1, 5).forEach(
                future -> assertEquals(Status.CANCELLED, future.join().get(0).status(), "waiting ends at once"));
        assertFalse(closed.isDone(), "a model call is under way");
        gate.open();
        closed.join();
        assertEquals(Status.CANCELLED, futures.get(0).join().get(0).status());
        assertEquals(3, model.calls() - before, "those that waited cost nothing");
        assertThrows(IllegalStateException.class, () -> closing.sampleAsync(ONE, PLAIN));
    }

    @Test
    void aPatientCloseLetsCallsFinish() {
        Sampler closing = Sampler.builder(model, TestGrids.linear(STEPS)).build();
        List<CompletableFuture<List<Sample>>> futures = IntStream.range(0, 5)
                .mapToObj(i -> closing.sampleAsync(ONE, PLAIN)).toList();
        closing.close(Duration.ofMinutes(1));
        futures.forEach(future -> assertArrayEquals(expected, future.join().get(0).values()));
    }

    @Test
    void closeThatIsInterruptedStillCloses() {
        holdTheThirdCall();
        Sampler closing = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(1).build();
        CompletableFuture<List<Sample>> runs = closing.sampleAsync(ONE, PLAIN);
        CompletableFuture<List<Sample>> waits = closing.sampleAsync(ONE, PLAIN);
        gate.awaitRun();
        // What waits ends at once when the patience is over, which an interrupt ends.
        waits.thenRun(gate::open);
        Thread.currentThread().interrupt();
        closing.close(Duration.ofMinutes(1));
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertEquals(Status.CANCELLED, waits.join().get(0).status());
        assertEquals(Status.CANCELLED, runs.join().get(0).status());
    }

    /** A checked exception that a listener in another language may throw; it must not leave the future open for ever. */
    @Test
    void anyThrowableOfAListenerCompletesTheFuture() {
        Exception thrown = new Exception("checked, from the listener");
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(ONE,
                PLAIN.withListener(progress -> SamplerFutureTest.<RuntimeException>sneak(thrown)));
        assertSame(thrown, assertThrows(CompletionException.class, future::join).getCause());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
