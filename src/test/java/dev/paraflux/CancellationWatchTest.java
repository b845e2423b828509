package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A switch may serve calls for as long as a program runs: it keeps none that is over. */
@Timeout(120)
class CancellationWatchTest {
    private static final int CALLS = 3_000;

    /** Short calls, so that some are over before whoever begins them goes on; some refused, some given up. */
    @Test
    void aSwitchThatLivesLongKeepsNoCall() throws Exception {
        Cancellation cancellation = new Cancellation();
        List<WeakReference<ProgressListener>> listeners = new ArrayList<>();
        TestDenoisers.Recording model = TestDenoisers.bent(2);
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(1)).maxSamples(2).build()) {
            for (int i = 0; i < CALLS; i++) {
                begin(sampler, i, cancellation, listeners);
            }
        }
        long alive = listeners.size();
        for (int attempt = 0; attempt < 50 && alive > 0; attempt++) {
            System.gc();
            Thread.sleep(20);
            alive = listeners.stream().filter(reference -> reference.get() != null).count();
        }
        assertEquals(0, alive, "listeners of calls that are over");
        assertTrue(!cancellation.isCancelled());
    }

    private static void begin(Sampler sampler, int i, Cancellation cancellation,
            List<WeakReference<ProgressListener>> listeners) {
        ProgressListener listener = progress -> assertTrue(progress.round() > i - CALLS);
        listeners.add(new WeakReference<>(listener));
        RunOptions options = RunOptions.defaults().withCancellation(cancellation).withListener(listener);
        if (i % 3 == 0) {
            sampler.sample(List.of(Request.seed(i)), options);
        } else {
            CompletableFuture<Sample> future = sampler.sampleAsync(Request.seed(i), options);
            if (i % 3 == 1) {
                future.cancel(true);
            } else {
                future.join();
            }
        }
    }
}
