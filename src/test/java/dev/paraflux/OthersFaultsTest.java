package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one caller gives a sampler, and breaks, is no matter of the others. */
@Timeout(60)
class OthersFaultsTest {
    private static final int DIM = 20;
    private static final int STEPS = 8;
    private static final Request ONE = Request.seed(1);

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    @Test
    void anExecutorThatFailsEverywhereLeavesTheSamplerAtWork() {
        Executor broken = task -> {
            throw new OutOfMemoryError("no thread");
        };
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).executor(broken).build()) {
            for (int call = 0; call < 3; call++) {
                PreviewStream previews = new PreviewStream(broken);
                CompletableFuture<Sample> watched = sampler.sampleAsync(ONE,
                        RunOptions.defaults().withPreviews(previews));
                assertThrows(CompletionException.class, watched::join);
                assertEquals(Status.COMPLETED, sampler.sampleAsync(ONE).join().status());
                assertEquals(Status.COMPLETED, sampler.sample(ONE).status());
            }
        }
    }

    @Test
    void memoryThatIsCutShortUnderACallFailsThatCallAlone() {
        FloatBuffer cut = ByteBuffer.allocateDirect(DIM * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        Gate gate = new Gate();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build()) {
            float[] expected = sampler.sample(ONE).values();
            int before = model.calls();
            model.beforeCall(batch -> {
                if (model.calls() == before + 1) {
                    gate.pass();
                } else if (batch.size() >= 2) {
                    cut.limit(DIM - 1);
                }
            });
            CompletableFuture<Sample> other = sampler.sampleAsync(ONE.withGrid(TestGrids.linear(50)));
            gate.awaitRun();
            CompletableFuture<Status> mine = CompletableFuture.supplyAsync(() -> sampler.sample(ONE, cut));
            CompletableFuture<Sample> third = sampler.sampleAsync(ONE);
            gate.open();
            assertEquals(Status.COMPLETED, other.join().status());
            assertArrayEquals(expected, third.join().values());
            CompletionException failure = assertThrows(CompletionException.class, mine::join);
            assertTrue(failure.getCause() instanceof RuntimeException, failure.toString());
        }
    }

    /** It has no value of its own yet. */
    @Test
    void aSampleThatHasNotBegunIsNotAccepted() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).maxSamples(1).build()) {
            var samples = sampler.sample(java.util.List.of(ONE, Request.seed(2)),
                    RunOptions.defaults().withListener(progress -> {
                        if (progress.round() == 1) {
                            progress.accept(1);
                        }
                    }));
            assertEquals(Status.COMPLETED, samples.get(1).status());
        }
    }
}
