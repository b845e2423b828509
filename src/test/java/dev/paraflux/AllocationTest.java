package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Memory;
import dev.paraflux.model.Guidance;
import dev.paraflux.solver.Ddim;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After warm-up a round allocates nothing, on the Java heap or beside it. The model here is one that allocates nothing. */
class AllocationTest {
    private static final int SAMPLES = 4;
    private static final int DIM = 256;

    @ParameterizedTest
    @ValueSource(doubles = {1, 4})
    void roundsAllocateNothingOnTheJavaHeap(double guidanceWeight) {
        long shortRun = bytesOfARun(200, guidanceWeight);
        long longRun = bytesOfARun(400, guidanceWeight);
        assertTrue(shortRun < 200 * 1024, "a run of 200 rounds allocates " + shortRun + " bytes");
        // What a run allocates once, its results and generators, is the same in both.
        assertEquals(0, (longRun - shortRun) / 200.0, 1, "bytes for each of 200 more rounds");
    }

    /** Two counts in turn, so that every run gives up its memory and takes new: some 100 KiB that would add up if kept. */
    @Test
    void samplingLeavesNothingBesideTheJavaHeap() throws Exception {
        int dim = 4096;
        try (Sampler sampler = Sampler.builder(TestDenoisers.idle(dim), TestGrids.linear(3)).solver(new Ddim(1))
                .build()) {
            long grown = 0;
            for (int runs : new int[] {300, 1000}) {
                long before = Memory.residentBytes();
                for (int run = 0; run < runs; run++) {
                    sampler.sample(requests(1 + run % 2));
                    if (run % 50 == 0) {
                        // Young garbage would make the Java heap itself resident, bit by bit.
                        System.gc();
                    }
                }
                grown = Memory.residentBytes() - before;
            }
            assertTrue(grown < 16 << 20, "1000 runs after the warm-up left " + grown + " bytes");
        }
    }

    /** The least of a few runs, since the virtual machine itself may allocate once more while it compiles. */
    private static long bytesOfARun(int steps, double guidanceWeight) {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        List<Request> requests = requests(SAMPLES);
        try (Sampler sampler = Sampler
                .builder(Guidance.of(TestDenoisers.idle(DIM), guidanceWeight), TestGrids.linear(steps)).build()) {
            for (int run = 0; run < 10; run++) {
                long before = threads.getThreadAllocatedBytes(thread);
                sampler.sample(requests);
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
        }
        return least;
    }

    private static List<Request> requests(int samples) {
        return IntStream.range(0, samples).mapToObj(s -> Request.seed(s).withLabel(s)).toList();
    }
}
