package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {
    private static final int THREADS = 8;
    private static final int MOST_USES = 200;

    private final Lifetime lifetime = new Lifetime("Thing");

    @Test
    void firstCloseFreesAndLaterOnesDoNot() {
        assertTrue(lifetime.close());
        assertFalse(lifetime.close());
        assertFalse(lifetime.close());
    }

    @Test
    void useAfterCloseNamesTheThing() {
        lifetime.close();
        assertEquals("Thing is closed", assertThrows(IllegalStateException.class, lifetime::acquire).getMessage());
        assertEquals("Thing is closed", assertThrows(IllegalStateException.class, lifetime::requireOpen).getMessage());
        assertFalse(lifetime.close(), "a refused use leaves it closed");
    }

    @Test
    void closeWhileInUseIsRefusedAndLeavesItOpen() {
        lifetime.acquire();
        lifetime.acquire();
        lifetime.release();
        String message = assertThrows(IllegalStateException.class, lifetime::close).getMessage();
        assertEquals("Thing cannot be closed while it is in use; cancel or wait, then close", message);
        assertDoesNotThrow(lifetime::requireOpen);
        lifetime.release();
        assertTrue(lifetime.close());
    }

    @Test
    void releaseWithoutAcquireIsRefusedAndDoesNotClose() {
        assertThrows(IllegalStateException.class, lifetime::release);
        assertDoesNotThrow(lifetime::requireOpen);
        assertTrue(lifetime.close());
        assertThrows(IllegalStateException.class, lifetime::release);
        assertThrows(IllegalStateException.class, lifetime::acquire, "still closed");
    }

    /** Users hold a flag up while they are inside; a close that succeeds must never find it up, nor anyone after it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void raceOfUsersAndClosersIsWonByOneCloserOutsideAnyUse(int closers) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            for (int trial = 0; trial < 100; trial++) {
                Race race = new Race();
                List<Future<Void>> threads = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    threads.add(pool.submit(t < closers ? race::close : race::use));
                }
                for (Future<Void> thread : threads) {
                    thread.get();
                }
                assertEquals(1, race.closes.get(), "exactly one close frees");
                assertFalse(race.overlap.get(), "a use and the freeing at the same time");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static final class Race {
        private final Lifetime shared = new Lifetime("Shared");
        private final CyclicBarrier start = new CyclicBarrier(THREADS);
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger closes = new AtomicInteger();
        private final AtomicBoolean overlap = new AtomicBoolean();
        private volatile boolean freed;

        Void use() throws Exception {
            start.await();
            Callable<Boolean> once = () -> {
                try {
                    shared.acquire();
                } catch (IllegalStateException e) {
                    return false;
                }
                inside.incrementAndGet();
                overlap.compareAndSet(false, freed);
                inside.decrementAndGet();
                shared.release();
                return true;
            };
            for (int use = 0; use < MOST_USES && once.call(); use++) {
                // Every now and then nobody is inside, or no closer would ever get its turn.
                if (use % 8 == 0) {
                    Thread.yield();
                }
            }
            return null;
        }

        Void close() throws Exception {
            start.await();
            while (true) {
                try {
                    if (shared.close()) {
                        freed = true;
                        closes.incrementAndGet();
                        overlap.compareAndSet(false, inside.get() != 0);
                    }
                    return null;
                } catch (IllegalStateException inUse) {
                    Thread.yield();
                }
            }
        }
    }
}
