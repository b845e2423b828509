package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpeedTest {
    private static final long MILLI = 1_000_000;
    private static final int ROWS = 4;

    @Test
    void itFollowsWhatIsMeasured() {
        Speed speed = new Speed();
        assertEquals(0, speed.nanosARow(0));
        long now = 0;
        for (int k = 0; k < 20; k++) {
            now = chunk(speed, now, 40 * MILLI);
        }
        assertEquals(10 * MILLI, speed.nanosARow(now), 1);
        assertEquals(10 * MILLI, speed.usual(), 1);
        for (int k = 0; k < 20; k++) {
            now = chunk(speed, now, 20 * MILLI);
        }
        assertEquals(5 * MILLI, speed.nanosARow(now), 0.01 * MILLI);
        assertEquals(5 * MILLI, speed.usual(), 1);
    }

    /** A chunk that waits for another's end is not slower. */
    @Test
    void waitingIsNotWorking() {
        Speed speed = new Speed();
        long now = chunk(speed, 0, 40 * MILLI);
        speed.begin(ROWS);
        speed.begin(ROWS);
        assertEquals(2 * ROWS, speed.rowsUnderWay());
        for (int k = 1; k <= 2; k++) {
            speed.leave(ROWS);
            speed.end(ROWS, now, now + k * 40 * MILLI);
        }
        assertEquals(10 * MILLI, speed.nanosARow(now + 2 * 40 * MILLI), 1);
    }

    /** Twice the time at each loss; it halves in three seconds without work. */
    @Test
    void whoeverLosesChunksIsTriedAgainLaterAndLater() {
        Speed speed = new Speed();
        long now = chunk(speed, 0, 40 * MILLI);
        for (int k = 1; k <= 3; k++) {
            speed.begin(ROWS);
            speed.leave(ROWS);
            speed.lose(ROWS, now, now);
            assertEquals(10.0 * MILLI * (1 << k), speed.nanosARow(now), 1);
        }
        assertEquals(0, speed.usual());
        assertEquals(40.0 * MILLI, speed.nanosARow(now + 3_000 * MILLI), MILLI);
        assertTrue(speed.nanosARow(now + 60_000 * MILLI) < MILLI);
        chunk(speed, now, 40 * MILLI);
        assertEquals(10 * MILLI, speed.usual(), 1);
    }

    /** Neither a cold start nor a pause of the machine, which all that is under way meets, makes others be asked later. */
    @Test
    void whatHappensOnceIsNotUsual() {
        Speed speed = new Speed();
        long now = chunk(speed, 0, 2_000 * MILLI);
        now = chunk(speed, now, 40 * MILLI);
        assertEquals(10 * MILLI, speed.usual(), 1);
        for (int k = 0; k < 5; k++) {
            now = chunk(speed, now, 40 * MILLI);
        }
        for (int k = 0; k < 4; k++) {
            now = chunk(speed, now, 2_000 * MILLI);
            assertEquals(10 * MILLI, speed.usual(), 1);
        }
        now = chunk(speed, now, 2_000 * MILLI);
        assertEquals(500 * MILLI, speed.usual(), 1);
    }

    private static long chunk(Speed speed, long now, long nanos) {
        speed.begin(ROWS);
        speed.leave(ROWS);
        speed.end(ROWS, now, now + nanos);
        return now + nanos;
    }
}
