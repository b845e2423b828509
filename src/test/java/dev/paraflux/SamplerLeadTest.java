package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lead of the rounds passes on, and what befalls the caller who leads is nobody else's matter. */
@Timeout(120)
class SamplerLeadTest {
    private static final int DIM = 20;
    private static final int STEPS = 8;
    private static final int BAD = TestDenoisers.LABELS - 1;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build();
    private final Gate gate = new Gate();

    /** Whatever befell a call, the next one is right and the sampler can be closed. */
    @AfterEach
    void samplerIsAsGoodAsBefore() {
        gate.open();
        model.beforeCall(batch -> {});
        assertRight(steps(1, STEPS), sampler.sample(steps(1, STEPS)));
        sampler.close();
    }

    static Request steps(int seed, int steps) {
        return Request.seed(seed).withGrid(TestGrids.linear(steps));
    }

    static void assertRight(Request request, Sample sample) {
        try (Sampler own = Sampler.builder(TestDenoisers.bent(DIM), TestGrids.linear(STEPS)).build()) {
            SamplerJoinTest.assertSame(own.sample(request), sample, request.toString());
        }
    }

    /** Holds the first call until {@link Gate#open}. */
    private void holdTheFirstCall() {
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                gate.pass();
            }
        });
    }

    private record Caller(Thread thread, FutureTask<List<Sample>> task) {
        Sample get() throws Exception {
            return task.get().get(0);
        }
    }

    private Caller call(Request request, RunOptions options) {
        FutureTask<List<Sample>> task = new FutureTask<>(() -> sampler.sample(List.of(request), options));
        Thread thread = new Thread(task);
        thread.start();
        return new Caller(thread, task);
    }

    /** Comes first, and leads: its first model call is held. */
    private Caller lead(Request request, RunOptions options) {
        Caller leader = call(request, options);
        gate.awaitRun();
        return leader;
    }

    /** Comes while the leader's first model call is held, and is in the line when this returns. */
    private Caller follow(Request request, RunOptions options) {
        Caller follower = call(request, options);
        awaitParked(follower.thread);
        return follower;
    }

    static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /** The first leads until it is done, then another, and so on; the last is alone. */
    @Test
    void theLeadPassesOnWhenTheLeadersOwnSampleIsDone() throws Exception {
        List<Thread> leaders = Collections.synchronizedList(new ArrayList<>());
        model.beforeCall(batch -> {
            leaders.add(Thread.currentThread());
            if (model.calls() == 1) {
                gate.pass();
            }
        });
        List<Request> requests = List.of(steps(1, 4), steps(2, 8), steps(3, 12), steps(4, 2));
        List<Caller> callers = new ArrayList<>();
        callers.add(lead(requests.get(0), RunOptions.defaults()));
        for (Request request : requests.subList(1, 4)) {
            callers.add(follow(request, RunOptions.defaults()));
        }
        gate.open();
        for (int i = 0; i < 4; i++) {
            assertRight(requests.get(i), callers.get(i).get());
        }
        assertEquals(List.of(1, 4, 4, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1), model.batchSizes());
        List<Thread> expected = new ArrayList<>();
        expected.addAll(Collections.nCopies(4, callers.get(0).thread));
        expected.addAll(Collections.nCopies(5, callers.get(1).thread));
        expected.addAll(Collections.nCopies(4, callers.get(2).thread));
        assertEquals(expected, leaders);
    }

    @Test
    void aSlowListenerHoldsUpNobodyElse() throws Exception {
        holdTheFirstCall();
        Gate inListener = new Gate();
        RunOptions slow = RunOptions.defaults().withListener(progress -> {
            if (progress.round() == 2) {
                inListener.pass();
            }
        });
        Caller leader = lead(steps(1, STEPS), slow);
        Caller other = follow(steps(2, STEPS), RunOptions.defaults());
        CompletableFuture<Sample> async = sampler.sampleAsync(steps(3, STEPS));
        CompletableFuture<Sample> slowAsync = sampler.sampleAsync(steps(4, STEPS), slow);
        gate.open();
        inListener.awaitRun();
        assertRight(steps(2, STEPS), other.get());
        assertRight(steps(3, STEPS), async.join());
        assertRight(steps(5, 20), sampler.sample(steps(5, 20)));
        inListener.open();
        assertRight(steps(1, STEPS), leader.get());
        assertRight(steps(4, STEPS), slowAsync.join());
    }

    @Test
    void aListenerThatThrowsEndsItsOwnCall() throws Exception {
        holdTheFirstCall();
        RuntimeException thrown = new RuntimeException("from the listener");
        RunOptions throwing = RunOptions.defaults().withListener(progress -> {
            if (progress.round() == 3) {
                throw thrown;
            }
        });
        Caller leader = lead(steps(1, STEPS), throwing);
        Caller other = follow(steps(2, STEPS), RunOptions.defaults());
        CompletableFuture<Sample> async = sampler.sampleAsync(steps(3, STEPS), throwing);
        gate.open();
        assertSame(thrown, assertThrows(ExecutionException.class, leader::get).getCause());
        assertSame(thrown, assertThrows(ExecutionException.class, async::get).getCause());
        assertRight(steps(2, STEPS), other.get());
    }

    /** In one batch and in several, among rows of one plan and of others. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void aModelThatThrowsForTheRowsOfOneCallHurtsThatCall(int maxBatch) throws Exception {
        RuntimeException thrown = new RuntimeException("for one label");
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                gate.pass();
            }
            for (int i = 0; i < batch.size(); i++) {
                if (batch.condition(i).equals(Request.seed(0).withLabel(BAD).condition())
                        && batch.level(i).time() < 600) {
                    throw thrown;
                }
            }
        });
        try (Sampler mixed = Sampler.builder(model, TestGrids.linear(STEPS)).maxBatch(maxBatch).build()) {
            List<Request> requests = new ArrayList<>();
            List<CompletableFuture<List<Sample>>> futures = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                Request request = steps(i, i % 2 == 0 ? STEPS : 5 + i);
                requests.add(i % 3 == 1 ? request.withLabel(BAD) : request.withLabel(i));
                futures.add(mixed.sampleAsync(List.of(requests.get(i), steps(20 + i, STEPS)), RunOptions.defaults()));
                gate.awaitRun();
            }
            gate.open();
            for (int i = 0; i < 7; i++) {
                if (i % 3 == 1) {
                    assertSame(thrown, assertThrows(ExecutionException.class, futures.get(i)::get).getCause());
                } else {
                    assertRight(requests.get(i), futures.get(i).join().get(0));
                    assertRight(steps(20 + i, STEPS), futures.get(i).join().get(1));
                }
            }
        }
    }

    /** Callers come and go, some wait and some do not; every round has some leader. */
    @Test
    void callersAndFuturesLeadInTurn() throws Exception {
        Set<Thread> leaders = Collections.synchronizedSet(new HashSet<>());
        model.beforeCall(batch -> leaders.add(Thread.currentThread()));
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            tasks.add(new FutureTask<>(() -> {
                for (int i = 0; i < 25; i++) {
                    Request request = steps(100 * thread + i, 1 + (i + thread) % 7);
                    CompletableFuture<Sample> future = sampler.sampleAsync(request);
                    assertRight(request, sampler.sample(request));
                    assertRight(request, future.join());
                }
                return null;
            }));
            new Thread(tasks.get(t)).start();
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        assertTrue(leaders.size() > 1, leaders.toString());
    }

    /** A call with a future never leads on its caller's thread. */
    @Test
    void aCallThatNobodyWaitsForIsLedElsewhere() {
        List<Thread> leaders = Collections.synchronizedList(new ArrayList<>());
        model.beforeCall(batch -> leaders.add(Thread.currentThread()));
        assertArrayEquals(sampler.sampleAsync(steps(1, STEPS)).join().values(),
                sampler.sample(steps(1, STEPS)).values());
        assertTrue(leaders.subList(0, STEPS).stream().noneMatch(Thread.currentThread()::equals));
        assertTrue(leaders.subList(STEPS, 2 * STEPS).stream().allMatch(Thread.currentThread()::equals));
    }
}
