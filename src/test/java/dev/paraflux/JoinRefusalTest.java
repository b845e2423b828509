package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.FlowHeun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that do not join: refused where they are made, before anything is done, and without harm to what runs. */
@Timeout(120)
class JoinRefusalTest {
    private static final int DIM = 8;
    private static final int STEPS = 6;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Afterwards.close(Sampler.builder(model, TestGrids.linear(STEPS)).build());

    static List<Request> forOtherModels() {
        Request one = Request.seed(1);
        return List.of(one.withStart(new float[DIM + 1]), one.withImage(new float[DIM - 1]),
                one.withRowNoise(new float[DIM * STEPS + 1]), one.withStart(direct(DIM - 1)),
                one.withMask(new float[DIM], new float[DIM]), one.withLabel(TestDenoisers.LABELS),
                one.withGuidance(GuidanceOptions.weight(3)),
                one.withGrid(TimeGrid.flow(5, 1)).withSolver(new FlowHeun()),
                one.withMethod(Srds.defaults().withBlocks(STEPS + 1)));
    }

    private static FloatBuffer direct(int values) {
        return ByteBuffer.allocateDirect(Float.BYTES * values).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @ParameterizedTest
    @MethodSource("forOtherModels")
    void whatSuitsAnotherModelIsRefused(Request request) {
        List<Request> among = List.of(Request.seed(1), request, Request.seed(2));
        FloatBuffer into = direct(DIM);
        for (Runnable call : List.<Runnable>of(() -> sampler.sample(request), () -> sampler.sample(among),
                () -> sampler.sampleAsync(request), () -> sampler.sampleAsync(among, RunOptions.defaults()),
                () -> sampler.sample(request, into), () -> sampler.warmUp(Request.seed(1), request))) {
            assertThrows(IllegalArgumentException.class, call::run);
        }
        assertEquals(0, model.calls());
        assertEquals(Status.COMPLETED, sampler.sample(Request.seed(1)).status());
    }

    @Test
    void noRequestsAndNullsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(List.of()));
        assertThrows(IllegalArgumentException.class, () -> sampler.sampleAsync(List.of(), RunOptions.defaults()));
        assertThrows(NullPointerException.class, () -> sampler.sample((Request) null));
        assertThrows(NullPointerException.class, () -> sampler.sample(Arrays.asList(Request.seed(1), null)));
        assertThrows(NullPointerException.class, () -> sampler.sampleAsync((Request) null));
        assertThrows(NullPointerException.class, () -> sampler.sample(List.of(Request.seed(1)), null));
        assertThrows(NullPointerException.class, () -> sampler.sampleAsync(Request.seed(1), null));
        assertThrows(NullPointerException.class, () -> sampler.warmUp((Request) null));
        assertEquals(Status.COMPLETED, sampler.sample(Request.seed(1)).status());
    }

    @Test
    void limitsThatAdmitNobodyAreRefused() {
        Sampler.Builder builder = Sampler.builder(model, TestGrids.linear(STEPS));
        for (int samples : new int[] {0, -1, Sampler.Builder.MAX_SAMPLES + 1}) {
            assertThrows(IllegalArgumentException.class, () -> builder.maxSamples(samples));
        }
        assertThrows(IllegalArgumentException.class, () -> builder.maxWaiting(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.maxBatch(0));
        assertThrows(NullPointerException.class, () -> builder.executor(null));
        assertThrows(IllegalArgumentException.class,
                () -> RunOptions.defaults().withTimeout(Duration.ZERO));
        builder.maxSamples(Sampler.Builder.MAX_SAMPLES).maxWaiting(0).build().close();
    }

    /** From the model and from the listener, of calls that are waited for and of others, by every way in. */
    @Test
    void aRunDoesNotJoinItsOwnSampler() {
        FloatBuffer into = direct(DIM);
        AtomicInteger refusals = new AtomicInteger();
        Runnable joining = () -> {
            for (Runnable call : List.<Runnable>of(() -> sampler.sample(Request.seed(1)),
                    () -> sampler.sampleAsync(Request.seed(1)), () -> sampler.sample(Request.seed(1), into),
                    () -> sampler.sampleAsync(Request.seed(1), RunOptions.defaults().withTimeout(Duration.ofDays(1))),
                    () -> sampler.warmUp(Request.seed(1)))) {
                String message = assertThrows(IllegalStateException.class, call::run).getMessage();
                assertTrue(message.contains("use another sampler"), message);
                refusals.incrementAndGet();
            }
            try (Sampler another = Sampler.builder(TestDenoisers.bent(DIM), TestGrids.linear(2)).build()) {
                assertEquals(Status.COMPLETED, another.sample(Request.seed(1)).status());
                assertEquals(Status.COMPLETED, another.sampleAsync(Request.seed(1)).join().status());
            }
        };
        model.beforeCall(batch -> joining.run());
        RunOptions watched = RunOptions.defaults().withListener(progress -> joining.run());
        List<Request> requests = List.of(Request.seed(1), Request.seed(2).withMethod(Picard.defaults()));
        int rounds = 0;
        for (boolean async : new boolean[] {false, true}) {
            List<Sample> samples = async ? sampler.sampleAsync(requests, watched).join()
                    : sampler.sample(requests, watched);
            samples.forEach(sample -> assertEquals(Status.COMPLETED, sample.status()));
            rounds += samples.stream().mapToInt(sample -> sample.stats().rounds()).max().orElseThrow();
        }
        assertEquals(2 * 5 * rounds, refusals.get());
    }

    /** What a thread begins that the callback does not wait for is another caller's. */
    @Test
    void anotherThreadMayJoinFromACallback() {
        CompletableFuture<Sample> other = new CompletableFuture<>();
        List<Sample> samples = sampler.sample(List.of(Request.seed(1)), RunOptions.defaults().withListener(progress -> {
            if (progress.round() == 2) {
                new Thread(() -> other.complete(sampler.sample(Request.seed(2)))).start();
            }
        }));
        assertEquals(Status.COMPLETED, samples.get(0).status());
        assertEquals(Status.COMPLETED, other.join().status());
    }
}
