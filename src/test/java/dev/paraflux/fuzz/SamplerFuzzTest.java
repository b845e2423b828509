package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/**
 * Calls that join, leave, are cancelled, run out of time, throw, are interrupted and accepted, of samplers that are closed,
 * all at random moments and from several threads: none is lost or ends twice, whoever is done has the bits that he would
 * have had alone, and nothing is left. An episode that fails tells its seed: {@code -Dparaflux.fuzz.seed} repeats it.
 */
class SamplerFuzzTest {
    /** Calls, all episodes together; {@code -Dparaflux.fuzz.calls=100000} for the long one. */
    private static final int CALLS = Integer.getInteger("paraflux.fuzz.calls", 4_000);
    private static final int CALLS_OF_EACH = 25;
    private static final Long SEED = Long.getLong("paraflux.fuzz.seed");

    @Test
    void callsAtRandomMoments() throws InterruptedException {
        DrawnAlone alone = new DrawnAlone(11, 150);
        ExecutorService pool = Executors.newCachedThreadPool();
        Map<String, Integer> ends = new TreeMap<>();
        try {
            long seed = SEED == null ? 1 : SEED;
            while (ends.values().stream().mapToInt(Integer::intValue).sum() < CALLS) {
                new SamplerEpisode(seed, alone, pool).run(CALLS_OF_EACH, ends);
                seed += SEED == null ? 1 : 0;
            }
        } finally {
            pool.shutdownNow();
        }
        for (String end : List.of("COMPLETED", "CANCELLED", "DEADLINE_PASSED", "ACCEPTED", "BadRow", "FromListener",
                "RejectedExecutionException", "IllegalStateException", "CancellationException", "joined itself",
                "warmed up")) {
            assertTrue(ends.containsKey(end), "never " + end + ": " + ends);
        }
    }
}
