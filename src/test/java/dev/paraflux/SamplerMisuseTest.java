package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.model.Condition;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.solver.Ddpm;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of the caller: an exception that names the value and what is legal, before any model call. */
class SamplerMisuseTest {
    private static final int DIM = 6;
    private static final int STEPS = 4;
    private static final int MOST_VALUES = Integer.MAX_VALUE / Float.BYTES;
    private static final Request LEGAL = Request.seed(1);

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    @Test
    void noRequestsAreRefused() {
        refused("number of requests 0: must be 1 to 1048576", List.of());
    }

    /** Before they are copied: so many do not fit in an array. */
    @Test
    void moreRequestsThanACallCanHaveAreRefused() {
        refused("number of requests 2147483647: must be 1 to 1048576",
                Collections.nCopies(Integer.MAX_VALUE, LEGAL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0        | shape[0] 0: must be 1 or more
            -2,-2    | shape[0] -2: must be 1 or more
            65536,65536 | number of values of shape 4294967296: must be at most 536870911
            """)
    void modelsOfImpossibleShapesAreRefused(String sizes, String words) {
        int[] shape = Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
        Denoiser impossible = TestDenoisers.idle(shape);
        for (Executable use : List.<Executable>of(() -> Sampler.builder(impossible, TestGrids.linear(STEPS)).build(),
                () -> Guidance.of(impossible, 2), () -> X0Clipping.at(impossible, 1))) {
            assertEquals(words, assertThrows(IllegalArgumentException.class, use).getMessage());
        }
    }

    @Test
    void conditionsThatTheModelCannotTakeAreRefused() {
        refused("label 10: legal labels are 0 to 9", List.of(LEGAL, LEGAL.withLabel(10)));
        assertThrows(IllegalArgumentException.class, () -> LEGAL.withLabel(-1));
        refused("Embedding[1 x 2]: this model takes labels",
                List.of(LEGAL.withCondition(new Condition.Embedding(new float[2], 1, 2))));
    }

    @Test
    void noiseOfTheWrongLengthIsRefused() {
        refused("number of values of start noise 5: must be 6", List.of(LEGAL.withStart(new float[5])));
        refused("number of values of start noise 0: must be 6", List.of(LEGAL, LEGAL.withStart(new float[0])));
        refused("number of values of row noise 6: must be 24", List.of(LEGAL.withRowNoise(new float[6])));
    }

    @Test
    void nullsAreRefused() {
        List<Request> requests = new ArrayList<>(Arrays.asList(LEGAL, null));
        try (Sampler sampler = sampler()) {
            assertThrows(NullPointerException.class, () -> sampler.sample(requests));
            assertThrows(NullPointerException.class, () -> sampler.sampleAsync(requests, RunOptions.defaults()));
            missing("options", () -> sampler.sample(List.of(LEGAL), null));
            missing("options", () -> sampler.sampleAsync(List.of(LEGAL), null));
            missing("options", () -> sampler.sampleAsync(LEGAL, null));
            missing("requests", () -> sampler.sample((List<Request>) null));
            missing("requests", () -> sampler.sampleAsync((List<Request>) null, RunOptions.defaults()));
            missing("requests", () -> sampler.warmUp((Request[]) null));
            missing("request", () -> sampler.sample((Request) null));
            missing("request", () -> sampler.sampleAsync((Request) null));
            missing("request", () -> sampler.warmUp(LEGAL, null));
            missing("into", () -> sampler.sample(LEGAL, (FloatBuffer) null));
            missing("start noise", () -> LEGAL.withStart((FloatBuffer) null));
            missing("model", () -> Guidance.of(null, 2));
            missing("grid", () -> DenoiserChecks.verify(model, null, Condition.none()));
            missing("denoiser", () -> DenoiserChecks.verify(null, TestGrids.linear(STEPS), Condition.none()));
            assertThrows(NullPointerException.class, () -> LEGAL.withCondition(null));
            assertEquals(0, model.calls());
        }
    }

    private static void missing(String name, Executable mistake) {
        assertEquals(name, assertThrows(NullPointerException.class, mistake).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void batchesWithoutRowsAreRefused(int maxBatch) {
        Sampler.Builder builder = Sampler.builder(model, TestGrids.linear(STEPS));
        String message = assertThrows(IllegalArgumentException.class, () -> builder.maxBatch(maxBatch)).getMessage();
        assertEquals("maxBatch " + maxBatch + ": must be 1 to 65536", message);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void timeoutsWithoutTimeAreRefused(long seconds) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> RunOptions.defaults().withTimeout(Duration.ofSeconds(seconds))).getMessage();
        assertEquals("timeout " + Duration.ofSeconds(seconds) + ": must be above 0", message);
    }

    @Test
    void closedSamplerIsRefusedAndSecondCloseDoesNothing() {
        Sampler sampler = sampler();
        sampler.sample(LEGAL);
        sampler.close();
        assertDoesNotThrow(() -> sampler.close());
        int calls = model.calls();
        for (Executable use : new Executable[] {() -> sampler.sample(LEGAL),
                () -> sampler.sampleAsync(List.of(LEGAL), RunOptions.defaults())}) {
            assertEquals("Sampler is closed", assertThrows(IllegalStateException.class, use).getMessage());
        }
        assertEquals(calls, model.calls());
    }

    @Test
    void samplerThatWasNeverUsedCanBeClosed() {
        assertDoesNotThrow(() -> sampler().close());
    }

    /** It would wait for the run that called the listener. */
    @Test
    void samplingFromItsOwnListenerIsRefused() {
        try (Sampler sampler = sampler()) {
            RunOptions nested = RunOptions.defaults().withListener(progress -> sampler.sample(LEGAL));
            assertThrows(IllegalStateException.class, () -> sampler.sample(List.of(Request.seed(2)), nested));
            assertEquals(Status.COMPLETED, sampler.sample(LEGAL).status());
        }
    }

    private void refused(String message, List<Request> requests) {
        try (Sampler sampler = sampler()) {
            assertEquals(message,
                    assertThrows(IllegalArgumentException.class, () -> sampler.sample(requests)).getMessage());
            assertEquals(message, assertThrows(IllegalArgumentException.class,
                    () -> sampler.sampleAsync(requests, RunOptions.defaults())).getMessage());
            assertEquals(0, model.calls(), "model calls before the refusal");
            assertEquals(List.of(), model.prepared(), "warm-ups before the refusal");
        }
    }

    private Sampler sampler() {
        return Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddpm()).build();
    }

    @Test
    void aRowThatTheHeapCannotHoldIsRefused() {
        long most = Runtime.getRuntime().maxMemory() / Float.BYTES;
        assumeTrue(most < MOST_VALUES, "the heap holds every row that there can be");
        String message = assertThrows(IllegalArgumentException.class,
                () -> Sampler.builder(TestDenoisers.idle((int) most + 1), TestGrids.linear(STEPS)).build())
                .getMessage();
        assertTrue(message.startsWith("dim " + (most + 1) + ": must be 1 to " + most + ": each takes 4 bytes"),
                message);
    }

    /** Whatever it is asked for: more than so many samples are never under way. */
    @Test
    void aWarmUpTakesMemoryForNoMoreThanCanRunAtOnce() {
        long before = NativeMemory.allocatedBytes();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(2).maxBatch(2)
                .build()) {
            sampler.warmUp(LEGAL, LEGAL);
            long two = NativeMemory.allocatedBytes();
            sampler.warmUp(Collections.nCopies(1 << 20, LEGAL).toArray(Request[]::new));
            assertEquals(two, NativeMemory.allocatedBytes());
            assertEquals("number of requests 1048577: must be 1 to 1048576",
                    assertThrows(IllegalArgumentException.class,
                            () -> sampler.warmUp(Collections.nCopies((1 << 20) + 1, LEGAL).toArray(Request[]::new)))
                            .getMessage());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}
