package dev.paraflux;

import static dev.paraflux.SamplerLeadTest.assertRight;
import static dev.paraflux.SamplerLeadTest.awaitParked;
import static dev.paraflux.SamplerLeadTest.steps;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt of the thread that happens to lead, in a model that minds interrupts, is the matter of its own call. */
@Timeout(120)
class SamplerInterruptTest {
    private static final int STEPS = 8;

    private final TestDenoisers.Recording model = TestDenoisers.bent(20);

    /** Waits in a way that an interrupt ends, as many models do, and throws as long as its thread is interrupted. */
    private static void passUnlessInterrupted(Gate gate) {
        try {
            gate.pass();
        } catch (IllegalStateException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    private static void awaitAsMany(int calls, AtomicInteger made) {
        while (made.get() < calls) {
            Thread.onSpinWait();
        }
    }

    /** The model is asked again for those who were not meant. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptOfTheLeaderIsItsOwn(boolean withFuture) throws Exception {
        Gate gate = new Gate();
        Gate later = new Gate();
        AtomicInteger calls = new AtomicInteger();
        Sampler sampler = Afterwards.close(Sampler.builder(model, TestGrids.linear(STEPS)).build());
        model.beforeCall(batch -> {
            calls.incrementAndGet();
            if (model.calls() == 1) {
                gate.pass();
            } else if (model.calls() >= 3) {
                passUnlessInterrupted(later);
            }
        });
        FutureTask<Sample> leader = new FutureTask<>(() -> sampler.sample(steps(1, STEPS)));
        Thread thread = new Thread(leader);
        thread.start();
        gate.awaitRun();
        FutureTask<Sample> other = new FutureTask<>(() -> sampler.sample(steps(2, STEPS)));
        Thread otherThread = new Thread(other);
        otherThread.start();
        awaitParked(otherThread);
        CompletableFuture<Sample> async = withFuture ? sampler.sampleAsync(steps(3, STEPS)) : null;
        gate.open();
        later.awaitRun();
        thread.interrupt();
        awaitAsMany(4, calls);
        later.open();
        assertEquals(Status.CANCELLED, leader.get().status());
        assertRight(steps(2, STEPS), other.get());
        if (async != null) {
            assertRight(steps(3, STEPS), async.join());
        }
    }

    /** A caller who has no place leads the rounds of a call that nobody waits for, which is not its own. */
    @Test
    void anInterruptOfALeaderWithoutAPlaceIsItsOwn() throws Exception {
        Gate later = new Gate();
        Gate inListener = new Gate();
        RunOptions held = RunOptions.defaults().withListener(progress -> {
            if (progress.round() == 2) {
                inListener.pass();
            }
        });
        List<Thread> leaders = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger calls = new AtomicInteger();
        model.beforeCall(batch -> {
            leaders.add(Thread.currentThread());
            calls.incrementAndGet();
            if (model.calls() >= 3) {
                passUnlessInterrupted(later);
            }
        });
        try (Sampler small = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(1).build()) {
            CompletableFuture<List<Sample>> first = small.sampleAsync(List.of(steps(1, STEPS)), held);
            inListener.awaitRun();
            FutureTask<Sample> second = new FutureTask<>(() -> small.sample(steps(2, STEPS)));
            Thread thread = new Thread(second);
            thread.start();
            awaitParked(thread);
            inListener.open();
            later.awaitRun();
            assertSame(thread, leaders.get(2));
            thread.interrupt();
            awaitAsMany(4, calls);
            later.open();
            assertEquals(Status.CANCELLED, second.get().status());
            assertRight(steps(1, STEPS), first.join().get(0));
        }
    }
}
