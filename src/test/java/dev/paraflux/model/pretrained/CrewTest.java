package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrewTest {
    private static final int THREADS = 4;
    private static final int RUNS = 3000;

    private final Crew crew = new Crew(THREADS);

    @AfterEach
    void close() {
        crew.close();
    }

    @Test
    void everyPartIsRunOnceHoweverManyWorkOnThem() {
        for (int run = 0; run < RUNS; run++) {
            int parts = 1 + run % 9;
            AtomicIntegerArray runs = new AtomicIntegerArray(parts);
            crew.run(runs::incrementAndGet, parts, 1 + run % THREADS);
            for (int part = 0; part < parts; part++) {
                assertEquals(1, runs.get(part));
            }
        }
    }

    @Test
    void theyWorkAtTheSameTimeOnDaemonsThatAreNamedAndEndAtClose() {
        CyclicBarrier all = new CyclicBarrier(THREADS);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        crew.run(part -> {
            threads.add(Thread.currentThread());
            meet(all);
        }, THREADS, THREADS);
        assertEquals(THREADS, threads.size());
        assertTrue(threads.remove(Thread.currentThread()));
        for (Thread thread : threads) {
            assertTrue(thread.isDaemon());
            assertEquals("paraflux-model", thread.getName());
        }
        crew.close();
        threads.forEach(thread -> assertFalse(thread.isAlive()));
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same failure whoever runs the part, after all that was begun has ended. */
    @Test
    void theFirstPartThatFailsIsTheOneThatIsThrown() {
        for (int run = 0; run < RUNS; run++) {
            AtomicInteger running = new AtomicInteger();
            IllegalStateException second = new IllegalStateException("part 2");
            assertSame(second, assertThrows(IllegalStateException.class, () -> crew.run(part -> {
                running.incrementAndGet();
                try {
                    if (part >= 2) {
                        throw part == 2 ? second : new IllegalStateException("part " + part);
                    }
                } finally {
                    running.decrementAndGet();
                }
            }, 7, THREADS)));
            assertEquals(0, running.get());
        }
        assertThrows(StackOverflowError.class, () -> crew.run(part -> {
            throw new StackOverflowError();
        }, 2, 2));
        everyPartIsRunOnceHoweverManyWorkOnThem();
    }

    @Test
    void anInterruptEndsNothingAndIsKept() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        Thread caller = Thread.currentThread();
        CyclicBarrier both = new CyclicBarrier(2);
        crew.run(part -> {
            meet(both);
            if (Thread.currentThread() != caller) {
                caller.interrupt();
                sleep();
            }
            done.incrementAndGet();
            begun.countDown();
        }, 2, 2);
        assertTrue(Thread.interrupted());
        assertEquals(2, done.get());
        Thread.currentThread().interrupt();
        crew.run(part -> done.incrementAndGet(), 4, THREADS);
        assertTrue(Thread.interrupted());
        assertEquals(6, done.get());
        begun.await();
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Else a model that nobody closes would not be collected, and raise no alarm. */
    @Test
    void threadsThatIdleReferToNothingThatTheyWorkedOn() {
        AtomicInteger parts = new AtomicInteger();
        Crew.Task task = part -> parts.incrementAndGet();
        WeakReference<Crew.Task> found = new WeakReference<>(task);
        for (int run = 0; run < 100; run++) {
            crew.run(task, THREADS, THREADS);
        }
        assertEquals(100 * THREADS, parts.get());
        task = null;
        while (found.get() != null) {
            System.gc();
            sleep();
        }
    }

    @Test
    void aHelperThatTakesLongerThanThePartsOfTheCallerIsNoticed() {
        Thread caller = Thread.currentThread();
        for (boolean slow : new boolean[] {true, false, true}) {
            CyclicBarrier both = new CyclicBarrier(2);
            // A busy machine can hold up the one that is not to sleep for as long: then again.
            for (int attempt = 0; attempt == 0 || attempt < 100 && slow != crew.wasHeldUp(); attempt++) {
                crew.run(part -> {
                    meet(both);
                    if (slow == (Thread.currentThread() != caller)) {
                        sleep();
                    }
                }, 2, 2);
            }
            assertEquals(slow, crew.wasHeldUp());
        }
        crew.run(part -> sleep(), 2, 1);
        assertFalse(crew.wasHeldUp());
    }

    /** A helper that has slept is woken. */
    @Test
    void callsMayComeSeldom() {
        for (int run = 0; run < 20; run++) {
            CyclicBarrier both = new CyclicBarrier(2);
            crew.run(part -> meet(both), 2, 2);
            sleep();
        }
    }
}
