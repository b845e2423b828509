package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialTest {
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

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
