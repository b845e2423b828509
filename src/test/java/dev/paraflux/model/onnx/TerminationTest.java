package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call of a graph that would take for ever ends when nobody waits for it any more, and the next one is right. */
@Timeout(60)
class TerminationTest {
    private static final int DIM = 6;
    /** A loop of so many turns takes some hundred years. */
    private static final float ENDLESS = 1e17f;
    private static final Request USUAL = Request.seed(3);

    @TempDir
    Path folder;

    private PretrainedDenoiser model;
    private Sampler sampler;
    private float[] expected;

    @BeforeEach
    void load() throws IOException {
        model = TestGraph.looping().load(folder);
        sampler = Sampler.builder(model, TestGrids.linear(4)).build();
        expected = sampler.sample(USUAL).values();
    }

    @AfterEach
    void theNextCallIsRight() {
        assertArrayEquals(expected, sampler.sample(USUAL).values());
        sampler.close();
        model.close();
    }

    private static Request endless() {
        float[] start = new float[DIM];
        Arrays.fill(start, ENDLESS);
        return USUAL.withStart(start);
    }

    @Test
    void aTimeLimitEndsTheCallUnderWay() {
        Sample sample = sampler.sample(List.of(endless()), RunOptions.defaults().withTimeout(Duration.ofMillis(50)))
                .get(0);
        assertEquals(Status.DEADLINE_PASSED, sample.status());
        assertEquals(0, sample.stats().rounds());
    }

    @Test
    void aCancellationEndsTheCallUnderWay() throws Exception {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<List<Sample>> future = sampler.sampleAsync(List.of(endless(), endless()),
                RunOptions.defaults().withCancellation(cancellation));
        assertThrows(TimeoutException.class, () -> future.copy().get(100, TimeUnit.MILLISECONDS));
        cancellation.cancel();
        assertEquals(Status.CANCELLED, future.get().get(1).status());
    }

    @Test
    void anInterruptEndsTheCallUnderWay() throws Exception {
        Thread caller = Thread.currentThread();
        Thread other = new Thread(() -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            caller.interrupt();
        });
        other.start();
        Sample sample = sampler.sample(endless());
        assertEquals(Status.CANCELLED, sample.status());
        assertTrue(Thread.interrupted());
        other.join();
    }

    /** It ends its own run, is told to whoever waits, and the runs after it are looked at as before. */
    @Test
    void aConditionThatThrowsEndsItsRunAlone() {
        AtomicInteger asked = new AtomicInteger();
        try (Buffer rows = Device.cpu().allocate(2, DIM)) {
            float[] start = new float[DIM];
            Arrays.fill(start, ENDLESS);
            rows.write(0, start);
            Batch batch = new Batch(1);
            batch.begin(rows, 0, rows, 1);
            batch.add(TestGrids.linear(4).level(0), Conditioning.of(Condition.none()));
            batch.unwantedWhen(() -> {
                // The first time it is asked before the run.
                if (asked.incrementAndGet() > 1) {
                    throw new IllegalStateException("a fault of the condition");
                }
                return false;
            });
            assertEquals("a fault of the condition",
                    assertThrows(IllegalStateException.class, () -> batch.evaluateBy(model)).getMessage());
        }
        aTimeLimitEndsTheCallUnderWay();
    }

    /** Guidance and the parts of a call hand it on. */
    @Test
    void itReachesAModelThatOthersAreAround() {
        model.setReplicas(2);
        try (Guidance guided = Guidance.of(model, GuidanceOptions.weight(1));
                Sampler around = Sampler.builder(guided, TestGrids.linear(4)).build()) {
            List<Sample> samples = around.sample(List.of(endless(), endless(), endless(), endless()),
                    RunOptions.defaults().withTimeout(Duration.ofMillis(50)));
            samples.forEach(sample -> assertEquals(Status.DEADLINE_PASSED, sample.status()));
        }
        model.setReplicas(1);
    }
}
