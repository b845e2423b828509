package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.Method;
import dev.paraflux.model.Denoiser;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that is made once and drawn again and again, from the caller's memory into the caller's memory. */
@Timeout(300)
class RealTimeTest {
    private static final int DIM = 200;
    private static final int CALLS = 2_000;

    static List<Method> methods() {
        return RandomRequests.methods();
    }

    private static FloatBuffer direct(int values) {
        return ByteBuffer.allocateDirect(Float.BYTES * values).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static FloatBuffer start(int seed) {
        FloatBuffer start = direct(DIM);
        for (int e = 0; e < DIM; e++) {
            start.put(e, (float) Math.sin(seed + e));
        }
        return start;
    }

    private static float[] values(FloatBuffer buffer) {
        float[] values = new float[DIM];
        buffer.get(buffer.position(), values);
        return values;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aCallAllocatesNothing(Method method) {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Request request = Request.seed(1).withStart(start(1));
        FloatBuffer into = direct(DIM);
        Denoiser model = TestDenoisers.idle(DIM);
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).method(method).build()) {
            long least = Long.MAX_VALUE;
            // The virtual machine allocates too while it compiles: in some stretch of calls it does not.
            for (int stretch = 0; stretch < 200 && least > 0; stretch++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int call = 0; call < CALLS / 10; call++) {
                    sampler.sample(request, into);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertEquals(0, least, "bytes of " + CALLS / 10 + " calls");
        }
    }

    /** Also beside callers of other kinds. */
    @ParameterizedTest
    @MethodSource("methods")
    void theValuesAreThoseOfAnyOtherCall(Method method) throws Exception {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        FloatBuffer start = start(3);
        Request request = Request.seed(1).withMethod(method).withStart(start).withLabel(2);
        FloatBuffer into = direct(DIM + 3).position(2);
        into.put(0, 17).put(1, 18).put(DIM + 2, 19);
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).build()) {
            float[] expected = sampler.sample(Request.seed(1).withMethod(method).withStart(values(start)).withLabel(2))
                    .values();
            for (int call = 0; call < 5; call++) {
                CompletableFuture<Sample> other = sampler.sampleAsync(Request.seed(call));
                assertTrue(sampler.sample(request, into).compareTo(Status.ROUND_LIMIT) <= 0);
                assertArrayEquals(expected, values(into));
                other.join();
            }
            assertArrayEquals(expected, sampler.sample(request).values());
            assertEquals(List.of(17f, 18f, 19f), List.of(into.get(0), into.get(1), into.get(DIM + 2)));
            assertEquals(2, into.position());
            start.put(0, start.get(0) + 1);
            sampler.sample(request, into);
            assertFalse(expected[0] == into.get(2), "the start is read anew");
        }
    }

    /** Each its own request and memory, all one sampler: what is reused is nobody else's meanwhile. */
    @Test
    void manyThreadsReuseTheirOwn() throws Exception {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        List<FutureTask<Void>> tasks = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).maxSamples(2).build()) {
            for (int t = 0; t < 5; t++) {
                Request request = Request.seed(1).withStart(start(t)).withMethod(methods().get(t));
                float[] expected = sampler.sample(request).values();
                FloatBuffer into = direct(DIM);
                tasks.add(new FutureTask<>(() -> {
                    for (int call = 0; call < CALLS; call++) {
                        sampler.sample(request, into);
                        assertArrayEquals(expected, values(into), "call " + call);
                    }
                    return null;
                }));
            }
            tasks.forEach(task -> new Thread(task).start());
            for (FutureTask<Void> task : tasks) {
                task.get();
            }
        }
    }

    @Test
    void aReceiverThatDoesNotSuitIsRefused() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        Request request = Request.seed(1);
        ByteOrder wrong = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN
                : ByteOrder.BIG_ENDIAN;
        FloatBuffer heap = FloatBuffer.allocate(DIM);
        FloatBuffer swapped = ByteBuffer.allocateDirect(4 * DIM).order(wrong).asFloatBuffer();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).build()) {
            for (FloatBuffer into : List.of(heap, swapped, direct(DIM - 1), direct(DIM).position(1),
                    direct(2 * DIM).limit(DIM - 1), direct(DIM).asReadOnlyBuffer())) {
                IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                        () -> sampler.sample(request, into), into.toString());
                assertTrue(refusal.getMessage().contains("into"), refusal.getMessage());
            }
            assertThrows(NullPointerException.class, () -> sampler.sample(request, (FloatBuffer) null));
            assertThrows(IllegalArgumentException.class, () -> request.withStart(heap));
            assertThrows(IllegalArgumentException.class, () -> request.withStart(swapped));
            Request shortStart = request.withStart(direct(DIM - 1));
            assertThrows(IllegalArgumentException.class, () -> sampler.sample(shortStart, direct(DIM)));
            assertEquals(0, model.calls());
            assertEquals(Status.COMPLETED, sampler.sample(request, direct(DIM)));
        }
    }

    @Test
    void whatEndsACallEndsThisOneToo() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        RuntimeException thrown = new RuntimeException("from the model");
        FloatBuffer into = direct(DIM);
        FloatBuffer infinite = start(1).put(0, Float.POSITIVE_INFINITY);
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).build()) {
            assertEquals(Status.NON_FINITE, sampler.sample(Request.seed(1).withStart(infinite), into));
            model.beforeCall(batch -> {
                throw thrown;
            });
            assertEquals(thrown, assertThrows(RuntimeException.class, () -> sampler.sample(Request.seed(1), into)));
            model.beforeCall(batch -> {
                if (model.calls() % 2 == 0) {
                    Thread.currentThread().interrupt();
                }
            });
            assertEquals(Status.CANCELLED, sampler.sample(Request.seed(1), into));
            assertEquals(Status.CANCELLED, sampler.sample(Request.seed(1), into), "a thread that comes interrupted");
            assertTrue(Thread.interrupted());
            model.beforeCall(batch -> {});
            assertEquals(Status.COMPLETED, sampler.sample(Request.seed(1), into));
        }
    }
}
