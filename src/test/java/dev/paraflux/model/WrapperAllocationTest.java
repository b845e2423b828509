package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.schedule.NoisePath;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After warm-up, denoisers around another one allocate nothing of their own. */
class WrapperAllocationTest {
    private static final int DIM = 256;
    private static final int ROWS = 6;
    private static final int CALLS = 200;

    static List<Denoiser> wrappers() {
        Denoiser model = TestDenoisers.idle(DIM);
        return List.of(new EdmPreconditioning(model, 0.5), new LevelAdapter(model, NoisePath.edm()),
                X0Clipping.at(model, 1), X0Clipping.dynamic(model, 0.995, 2),
                Guidance.of(model, GuidanceOptions.weight(3).withRescale(0.7).withInterval(0.3, 5)));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void callsAllocateNothing(Denoiser wrapper) {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        try (wrapper;
                Buffer states = Device.cpu().allocate(ROWS, DIM);
                Buffer predictions = Device.cpu().allocate(ROWS, DIM)) {
            Batch batch = new Batch(ROWS);
            batch.begin(states, 0, predictions, 0);
            for (int i = 0; i < ROWS; i++) {
                batch.add(TestGrids.linear(ROWS).level(i), Condition.label(1));
            }
            for (int run = 0; run < 10; run++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int call = 0; call < CALLS; call++) {
                    wrapper.evaluate(batch);
                    wrapper.rowsPerEvaluation(batch.level(call % ROWS));
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
        }
        assertEquals(0, least / (double) CALLS, 1, "bytes a call");
    }
}
