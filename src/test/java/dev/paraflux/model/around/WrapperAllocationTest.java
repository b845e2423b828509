package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Mask;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.X0Limit;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After warm-up, denoisers around another one allocate nothing of their own. */
class WrapperAllocationTest {
    static final int DIM = 256;
    static final int ROWS = 6;
    private static final int CALLS = 200;

    static List<Denoiser> wrappers() {
        return around(TestDenoisers.idle(DIM));
    }

    /** Every kind of them around a model with rows of {@value #DIM} values. */
    static List<Denoiser> around(Denoiser model) {
        return List.of(new EdmPreconditioning(model, 0.5), new LevelAdapter(model, NoisePath.edm()),
                X0Clipping.at(model, 1), X0Clipping.dynamic(model, 0.995, 2),
                StepClipping.of(model, X0Limit.at(1),
                        Map.of(TestGrids.linear(ROWS).level(2), new StepClipping.Step(0.8, 0.6, 0.3))),
                Guidance.of(model, GuidanceOptions.weight(3).withRescale(0.7).withInterval(0.3, 5)),
                Inpainting.of(Guidance.of(model)).owning());
    }

    /** Rows of different kinds, where the wrapper takes them. */
    static Conditioning asked(Denoiser wrapper, int i) {
        Conditioning plain = Conditioning.of(Condition.label(1));
        Conditioning guided = i % 3 == 2 || !wrapper.toString().contains("guidance") ? plain
                : plain.withGuidance(GuidanceOptions.weight(i).withRescale(i % 2));
        return wrapper instanceof Inpainting && i > 1 ? guided.withMask(new Mask(new float[DIM], new float[DIM]))
                : guided;
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
                batch.add(TestGrids.linear(ROWS).level(i), asked(wrapper, i));
            }
            for (int run = 0; run < 10; run++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int call = 0; call < CALLS; call++) {
                    wrapper.evaluate(batch);
                    wrapper.rowsPerEvaluation(batch.level(call % ROWS), batch.conditioning(call % ROWS));
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
        }
        assertEquals(0, least / (double) CALLS, 1, "bytes a call");
    }
}
