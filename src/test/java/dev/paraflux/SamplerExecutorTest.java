package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The executor that futures are completed on, and listeners called: whatever it does, no future is left open. */
@Timeout(120)
class SamplerExecutorTest {
    private static final int STEPS = 5;
    private static final Request ONE = Request.seed(1);

    private final TestDenoisers.Recording model = TestDenoisers.bent(8);

    private Sampler sampler(Executor executor) {
        return Afterwards.close(Sampler.builder(model, TestGrids.linear(STEPS)).executor(executor).build());
    }

    @Test
    void listenersAndStagesRunOnTheExecutor() {
        List<String> names = Collections.synchronizedList(new ArrayList<>());
        Runnable note = () -> names.add(Thread.currentThread().getName());
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "the user's"));
        Gate gate = new Gate();
        model.beforeCall(batch -> gate.pass());
        CompletableFuture<Void> stage = sampler(executor)
                .sampleAsync(ONE, RunOptions.defaults().withListener(progress -> note.run()))
                .thenRun(note).thenRunAsync(note);
        gate.open();
        stage.join();
        assertEquals(Collections.nCopies(STEPS + 2, "the user's"), names);
        executor.shutdown();
    }

    @Test
    void anExecutorThatRunsDirectlyRunsOnTheThreadThatLeads() {
        Sampler direct = sampler(Runnable::run);
        AtomicInteger rounds = new AtomicInteger();
        Gate gate = new Gate();
        model.beforeCall(batch -> gate.pass());
        CompletableFuture<Object> stage = direct
                .sampleAsync(ONE, RunOptions.defaults().withListener(progress -> rounds.incrementAndGet()))
                .thenApply(sample -> assertThrows(IllegalStateException.class, () -> direct.sample(ONE)));
        gate.open();
        stage.join();
        assertEquals(STEPS, rounds.get());
        assertEquals(Status.COMPLETED, direct.sample(ONE).status());
    }

    static List<Throwable> refusals() {
        return List.of(new RejectedExecutionException("full"), new IllegalArgumentException("odd"),
                new OutOfMemoryError("no thread"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anExecutorThatRefusesLeavesNoFutureOpen(Throwable refusal) {
        Sampler refused = sampler(task -> SamplerExecutorTest.<RuntimeException>sneak(refusal));
        assertEquals(Status.COMPLETED, refused.sampleAsync(ONE).orTimeout(60, TimeUnit.SECONDS).join().status(),
                "completed by whoever leads");
        CompletableFuture<Sample> other = refused.sampleAsync(ONE.withGrid(TestGrids.linear(50))).orTimeout(60,
                TimeUnit.SECONDS);
        CompletableFuture<Sample> listening = refused.sampleAsync(ONE,
                RunOptions.defaults().withListener(progress -> {})).orTimeout(60, TimeUnit.SECONDS);
        assertSame(refusal, assertThrows(CompletionException.class, listening::join).getCause());
        assertEquals(Status.COMPLETED, other.join().status());
        RunOptions watched = RunOptions.defaults().withListener(progress -> {});
        assertEquals(Status.COMPLETED, refused.sample(List.of(ONE), watched).get(0).status(),
                "a listener of a caller who waits needs no executor");
    }

    @Test
    void anExecutorThatIsShutDownWhileCallsRunLeavesNoFutureOpen() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        Sampler sampler = sampler(executor);
        RunOptions listening = RunOptions.defaults().withListener(progress -> {
            if (progress.round() == 3) {
                executor.shutdown();
            }
        });
        CompletableFuture<Sample> first = sampler.sampleAsync(ONE, listening).orTimeout(60, TimeUnit.SECONDS);
        CompletableFuture<Sample> second = sampler.sampleAsync(ONE.withGrid(TestGrids.linear(50))).orTimeout(60,
                TimeUnit.SECONDS);
        assertInstanceOf(RejectedExecutionException.class,
                assertThrows(CompletionException.class, first::join).getCause());
        assertEquals(Status.COMPLETED, second.join().status());
        assertTrue(executor.isShutdown());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
