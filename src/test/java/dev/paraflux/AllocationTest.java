package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Memory;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.solver.Ddim;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After warm-up a round allocates nothing, on the Java heap or beside it. The model here is one that allocates nothing. */
class AllocationTest {
    private static final int SAMPLES = 4;
    private static final int DIM = 256;

    @ParameterizedTest
    @ValueSource(doubles = {1, 4})
    void roundsAllocateNothingOnTheJavaHeap(double guidanceWeight) {
        long shortRun = bytesOfARun(200, guidanceWeight, new Sequential(), 200);
        long longRun = bytesOfARun(400, guidanceWeight, new Sequential(), 400);
        assertTrue(shortRun < 200 * 1024, "a run of 200 rounds allocates " + shortRun + " bytes");
        // What a run allocates once, its results and generators, is the same in both.
        assertEquals(0, (longRun - shortRun) / 200.0, 1, "bytes for each of 200 more rounds");
    }

    /** Also where samples are under way in a window, with a history, and the first guess takes rounds. */
    @ParameterizedTest
    @MethodSource("windowed")
    void roundsInAWindowAllocateNothingOnTheJavaHeap(Method method) {
        long shortRun = bytesOfARun(200, 1, method, 200);
        long longRun = bytesOfARun(400, 1, method, 400);
        assertTrue(shortRun < 200 * 1024, "a run of 200 rounds allocates " + shortRun + " bytes");
        assertEquals(0, (longRun - shortRun) / 200.0, 1, "bytes for each of 200 more rounds");
    }

    /** Many cores at work, and as many answers measured in both runs. */
    @ParameterizedTest
    @MethodSource("coreMethods")
    void roundsOfCoresAllocateNothingOnTheJavaHeap(Method method) {
        long shortRun = bytesOfARun(200, 1, method, 200);
        long longRun = bytesOfARun(400, 1, method, 400);
        assertTrue(shortRun < 200 * 1024, "a run of 200 rounds allocates " + shortRun + " bytes");
        assertEquals(0, (longRun - shortRun) / 200.0, 1, "bytes for each of 200 more rounds");
    }

    static List<Request> reused() {
        return List.of(Request.seed(1).withLabel(1).withStart(direct()), Request.seed(1).withLabel(1),
                Request.seed(1).withSolver(new Ddim(1)));
    }

    /** Nothing at all, neither for a call nor for its rounds, nor for noise that is drawn, of the start or of steps. */
    @ParameterizedTest
    @MethodSource("reused")
    void callsWithReusedMemoryAllocateNothingOnTheJavaHeap(Request request) {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        FloatBuffer into = direct();
        long least = Long.MAX_VALUE;
        try (Sampler sampler = Sampler.builder(TestDenoisers.idle(DIM), TestGrids.linear(10)).build()) {
            sampler.warmUp(request);
            for (int run = 0; run < 20; run++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int call = 0; call < 1000; call++) {
                    assertSame(Status.COMPLETED, sampler.sample(request, into));
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
        }
        // The virtual machine's own counting may cost a few.
        assertTrue(least < 1000, "1000 calls allocate " + least + " bytes");
    }

    private static FloatBuffer direct() {
        return ByteBuffer.allocateDirect(Float.BYTES * DIM).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    static List<Method> coreMethods() {
        return List.of(Srds.defaults().withBlocks(10).withStop(StopRule.pixels(0)),
                Srds.defaults().withBlocks(1).withStop(StopRule.values(0)),
                Chords.defaults().withStop(StopRule.pixels(0)));
    }

    static List<Method> windowed() {
        ParaTaa exact = ParaTaa.defaults().withWindow(20).withTolerance(Tolerance.residual(0, 0));
        return List.of(exact, exact.withHistory(8).withOrder(5).withFirstGuess(FirstGuess.coarse(4)),
                Picard.defaults().withWindow(20).withTolerance(Tolerance.steps(0)),
                SparseParaTaa.of(exact).withDensity(50),
                SparseParaTaa.of(exact.withWindow(ParaTaa.ALL)).withCap(40));
    }

    /**
     * Two counts in turn, so that every run gives up its memory and takes new. The rows are long, so that the smallest
     * thing that can be kept, one row a sample, is 256 MiB after 1000 samples; the virtual machine's own memory moves by
     * some 30 MiB.
     */
    @Test
    void samplingLeavesNothingBesideTheJavaHeap() throws Exception {
        try (Sampler sampler = Sampler.builder(TestDenoisers.idle(1 << 16), TestGrids.linear(3)).solver(new Ddim(1))
                .build()) {
            draw(sampler, 200);
            long before = Memory.residentBytes();
            draw(sampler, 1000);
            long grown = Memory.residentBytes() - before;
            assertTrue(grown < 64 << 20, "1000 samples left " + grown + " bytes");
        }
    }

    private static void draw(Sampler sampler, int samples) {
        for (int drawn = 0, run = 0; drawn < samples; run++) {
            drawn += sampler.sample(requests(1 + run % 2)).size();
            if (run % 20 == 0) {
                // Young garbage would make the Java heap itself resident, bit by bit.
                System.gc();
            }
        }
    }

    /** The least of a few runs, since the virtual machine itself may allocate once more while it compiles. */
    private static long bytesOfARun(int steps, double guidanceWeight, Method method, int rounds) {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        List<Request> requests = requests(SAMPLES);
        try (Sampler sampler = Sampler
                .builder(Afterwards.close(Guidance.of(TestDenoisers.idle(DIM), guidanceWeight)),
                        TestGrids.linear(steps))
                .method(method).build()) {
            for (int run = 0; run < 10; run++) {
                long before = threads.getThreadAllocatedBytes(thread);
                List<Sample> samples = sampler.sample(requests);
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
                samples.forEach(sample -> assertEquals(rounds, sample.stats().rounds()));
            }
        }
        return least;
    }

    private static List<Request> requests(int samples) {
        return IntStream.range(0, samples).mapToObj(s -> Request.seed(s).withLabel(s)).toList();
    }
}
