package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialTest {
    private static final long MILLI = 1_000_000;

    /** Milliseconds of one thread, of half of them, and of all. */
    @ParameterizedTest
    @CsvSource({"2, 8, 0, 4, 2", "2, 4, 0, 8, 1", "8, 9, 6, 3, 8", "8, 9, 3, 6, 4", "8, 3, 6, 9, 1"})
    void theQuickestIsFound(int most, int one, int half, int all, int best) {
        Trial trial = new Trial(most);
        assertTrue(trial.isDue());
        trial.run(threads -> sleep(threads == 1 ? one : threads == most ? all : half));
        assertEquals(best, trial.best());
        assertFalse(trial.isDue());
    }

    @Test
    void aLongCallIsMadeOnceAndSharedByAll() {
        AtomicInteger calls = new AtomicInteger();
        Trial trial = new Trial(4);
        trial.run(threads -> {
            calls.incrementAndGet();
            sleep(250);
        });
        assertEquals(1, calls.get());
        assertEquals(4, trial.best());
    }

    /** One thread was the quickest only while another program had the other core. */
    @Test
    void fewerThanAllAreTriedAgainSoonThenSeldom() {
        AtomicLong clock = new AtomicLong();
        AtomicBoolean busy = new AtomicBoolean(true);
        Trial trial = new Trial(2, clock::get);
        Trial.Call call = threads -> clock.addAndGet(MILLI * (threads == 1 ? 2 : busy.get() ? 3 : 1));
        List<Long> rests = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            trial.run(call);
            assertEquals(1, trial.best());
            long before = clock.get();
            while (!trial.isDue()) {
                clock.addAndGet(MILLI);
            }
            rests.add((clock.get() - before) / MILLI);
        }
        // A trial takes 3 + 7 * (2 + 3) = 38 ms: ten times that, then twice as long each time, up to ten seconds.
        assertEquals(List.of(381L, 761L, 1521L, 3041L, 6081L, 10_001L, 10_001L, 10_001L), rests);
        busy.set(false);
        trial.run(call);
        assertEquals(2, trial.best());
        clock.addAndGet(1_000_000 * MILLI);
        assertFalse(trial.isDue());
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
