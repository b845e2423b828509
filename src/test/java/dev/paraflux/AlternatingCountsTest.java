package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.NativeMemory;
import dev.paraflux.method.Method;
import dev.paraflux.solver.Ddim;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slots are kept: other counts, other methods and other company take no more memory once it is there. */
class AlternatingCountsTest {
    private static final int ALTERNATIONS = 1_000;
    private static final int DIM = 128;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    static List<Method> methods() {
        return RandomRequests.methods();
    }

    private static List<Request> requests(int count, Method method) {
        return IntStream.range(0, count).mapToObj(i -> Request.seed(i).withMethod(method)).toList();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void fourAndFiveTakeTheMemoryOfFive(Method method) {
        long before = NativeMemory.allocatedBytes();
        long five;
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).solver(new Ddim(1)).build()) {
            sampler.sample(requests(5, method));
            five = NativeMemory.allocatedBytes() - before;
        }
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).solver(new Ddim(1)).build()) {
            float[] first = sampler.sample(requests(4, method)).get(0).values();
            sampler.sample(requests(5, method));
            long taken = NativeMemory.allocatedBytes();
            for (int i = 0; i < ALTERNATIONS; i++) {
                assertArrayEquals(first, sampler.sample(requests(4 + i % 2, method)).get(0).values());
                assertEquals(taken, NativeMemory.allocatedBytes(), "alternation " + i);
            }
            // Beside rows there are lists, which grow by doubling.
            assertEquals(five, taken - before, 0.1 * five, "what five need by themselves");
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** In any order, and overlapping: what five callers need at most is taken at most. */
    @Test
    void methodsInTurnKeepTheirMemory() {
        List<Method> methods = methods().subList(0, 8);
        long before = NativeMemory.allocatedBytes();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).solver(new Ddim(1)).build()) {
            methods.forEach(method -> sampler.sample(requests(5, method)));
            long taken = NativeMemory.allocatedBytes();
            for (int i = 0; i < ALTERNATIONS; i++) {
                sampler.sample(requests(4 + i % 2, methods.get(i * 5 % methods.size())));
                assertEquals(taken, NativeMemory.allocatedBytes(), "call " + i);
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** Calls that come one by one need more blocks of slots than one, which become one as soon as nobody is in them. */
    @ParameterizedTest
    @MethodSource("methods")
    void callsThatComeAndGoSettleToo(Method method) {
        long before = NativeMemory.allocatedBytes();
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).solver(new Ddim(1)).maxSamples(6).build()) {
            for (int i = 0; i < 50; i++) {
                overlap(sampler, method, i);
            }
            long most = NativeMemory.allocatedBytes();
            for (int i = 0; i < 200; i++) {
                overlap(sampler, method, i);
                most = Math.max(most, NativeMemory.allocatedBytes());
            }
            sampler.sample(requests(6, method));
            sampler.sample(requests(6, method));
            long settled = NativeMemory.allocatedBytes() - before;
            try (Sampler fresh = Sampler.builder(model, TestGrids.linear(4)).solver(new Ddim(1)).maxSamples(6)
                    .build()) {
                long start = NativeMemory.allocatedBytes();
                fresh.sample(requests(6, method));
                long six = NativeMemory.allocatedBytes() - start;
                // Of gathered rows the most is kept that a round has had, by whichever method.
                assertEquals(six, settled, six / 2.0, method.toString());
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private static void overlap(Sampler sampler, Method method, int i) {
        List<CompletableFuture<List<Sample>>> futures = IntStream.range(0, 2 + i % 3).mapToObj(
                f -> sampler.sampleAsync(requests(1 + (i + f) % 4, method), RunOptions.defaults())).toList();
        futures.forEach(CompletableFuture::join);
    }
}
