package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Memory;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sampler takes beside the Java heap it gives back itself, whether or not garbage is ever collected. */
class NativeMemoryTest {
    /** Runs of alternating sample counts; {@code -Dparaflux.runs=10000} for the long ones. */
    private static final int RUNS = Integer.getInteger("paraflux.runs", 200);
    private static final int DIM = 1 << 12;

    static List<Method> methods() {
        return List.of(ParaTaa.defaults(), SparseParaTaa.defaults(), Picard.defaults(), Srds.defaults(),
                Chords.defaults(), new Sequential());
    }

    /**
     * The library's own count is the same to the byte; resident memory, which the virtual machine moves too, is held to
     * 1% where the runs are many.
     */
    @ParameterizedTest
    @MethodSource("methods")
    void memoryIsFlatWhereSampleCountsAlternate(Method method) throws Exception {
        long before = NativeMemory.allocatedBytes();
        try (Guidance guided = Guidance.of(TestDenoisers.idle(DIM), 4);
                Sampler sampler = Sampler.builder(guided, TestGrids.linear(6)).solver(new Ddim(1)).method(method)
                        .build()) {
            draw(sampler, RUNS / 4);
            long taken = NativeMemory.allocatedBytes();
            long resident = Memory.residentBytes();
            draw(sampler, RUNS);
            assertEquals(taken, NativeMemory.allocatedBytes());
            long grown = Memory.residentBytes() - resident;
            if (RUNS >= 10_000) {
                System.out.println(method.getClass().getSimpleName() + ": " + RUNS + " runs, " + taken
                        + " bytes taken, resident " + resident + " and " + grown + " more");
            }
            assertTrue(RUNS < 10_000 || grown < resident / 100, grown + " bytes more than " + resident);
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private static void draw(Sampler sampler, int runs) {
        for (int run = 0; run < runs; run++) {
            sampler.sample(requests(1 + run % 2));
        }
    }

    private static List<Request> requests(int count) {
        return IntStream.range(0, count).mapToObj(seed -> Request.seed(seed).withLabel(seed)).toList();
    }

    /** Its own workspace is taken when it fails, and the buffers before it. */
    @ParameterizedTest
    @MethodSource("methods")
    void aSamplerThatCannotBeginLeavesNothing(Method method) {
        long before = NativeMemory.allocatedBytes();
        AtomicInteger closed = new AtomicInteger();
        Method failing = new Method() {
            @Override
            public int mostRows(TriangularSystem system) {
                return method.mostRows(system);
            }

            @Override
            public Workspace allocate(Problem problem) {
                return new Unsolving(method.allocate(problem), closed);
            }
        };
        try (Sampler sampler = Sampler.builder(TestDenoisers.idle(4), TestGrids.linear(6)).solver(new Ddim(1))
                .method(failing).build()) {
            assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(1)));
            assertThrows(IllegalStateException.class, () -> sampler.sample(requests(3)));
        }
        assertEquals(2, closed.get());
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private record Unsolving(Method.Workspace workspace, AtomicInteger closed) implements Method.Workspace {
        @Override
        public Solve solve(int sample) {
            throw new IllegalStateException("no solve");
        }

        @Override
        public long bytes() {
            return workspace.bytes();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            workspace.close();
        }
    }

    /** A model that is in use refuses to be closed; what owns it then stays open too. */
    @Test
    void aWrapperWhoseModelRefusesToCloseStaysOpen() {
        long before = NativeMemory.allocatedBytes();
        Refusing model = new Refusing(TestDenoisers.idle(4));
        Denoiser guided = Guidance.of(model, GuidanceOptions.weight(3)).owning();
        try (Sampler sampler = Sampler.builder(guided, TestGrids.linear(3)).build()) {
            assertThrows(IllegalStateException.class, guided::close);
            assertEquals(Status.COMPLETED, sampler.sample(Request.seed(1)).status());
        }
        model.refuses = false;
        guided.close();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private static final class Refusing extends ForwardingDenoiser {
        private boolean refuses = true;

        Refusing(Denoiser model) {
            super(model);
        }

        @Override
        public void close() {
            if (refuses) {
                throw new IllegalStateException("in use");
            }
        }
    }
}
