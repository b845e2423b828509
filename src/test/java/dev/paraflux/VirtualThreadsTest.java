package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers on virtual threads, whose carriers others keep busy: nobody but them waits for that. */
@Timeout(120)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private final TestDenoisers.Recording model = TestDenoisers.bent(8);

    private static void startVirtual(Runnable task) {
        try {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The virtual one is the first in the line when the leader leaves, and cannot lead. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVirtualThreadThatCannotRunHoldsUpNobody(boolean withFuture) throws Exception {
        Gate leading = new Gate();
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                leading.pass();
            }
        });
        AtomicBoolean over = new AtomicBoolean();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).build()) {
            FutureTask<Sample> leader = new FutureTask<>(() -> sampler.sample(Request.seed(1)));
            new Thread(leader).start();
            leading.awaitRun();
            FutureTask<Sample> virtual = new FutureTask<>(() -> sampler.sample(Request.seed(2)));
            startVirtual(virtual);
            while (sampler.load().waiting() < 1) {
                Thread.onSpinWait();
            }
            occupyCarriers(over);
            // Longer than the leader's, so that somebody has to follow him.
            Request longer = Request.seed(3).withGrid(TestGrids.linear(40));
            CompletableFuture<Sample> future = withFuture ? sampler.sampleAsync(longer) : null;
            FutureTask<Sample> other = withFuture ? null : new FutureTask<>(() -> sampler.sample(longer));
            if (!withFuture) {
                new Thread(other).start();
                while (sampler.load().waiting() < 2) {
                    Thread.onSpinWait();
                }
            }
            leading.open();
            assertEquals(Status.COMPLETED, leader.get().status());
            assertEquals(Status.COMPLETED, (withFuture ? future.get() : other.get()).status());
            assertFalse(virtual.isDone());
            over.set(true);
            assertEquals(Status.COMPLETED, virtual.get().status());
        } finally {
            over.set(true);
        }
    }

    /** Until it is over; returns when no carrier is left. */
    private static void occupyCarriers(AtomicBoolean over) {
        int carriers = Runtime.getRuntime().availableProcessors();
        AtomicInteger busy = new AtomicInteger();
        for (int i = 0; i < carriers; i++) {
            startVirtual(() -> {
                busy.incrementAndGet();
                while (!over.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        while (busy.get() < carriers) {
            Thread.onSpinWait();
        }
    }
}
