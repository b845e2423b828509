package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the binding of ONNX Runtime makes anew in each run: arrays of names and handles, and what it answers. */
class OnnxAllocationTest {
    private static final int ROWS = 30;
    private static final NoiseLevel LEVEL = TestGrids.linear(10).level(0);
    /** Measured, 504 a run without other inputs than x and t; some more for each input. */
    private static final int BYTES = 700;

    @TempDir
    Path folder;

    private final long thread = Thread.currentThread().getId();

    @BeforeEach
    void canBeCounted() {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean);
    }

    private long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(thread);
    }

    @Test
    void callsMakeFewObjectsWhereverTheirRowsLie() throws IOException {
        try (PretrainedDenoiser model = TestGraph.labelled(ElementType.INT64).load(folder, TestGraph.label());
                Buffer states = Device.cpu().allocate(ROWS, model.dim());
                Buffer predictions = Device.cpu().allocate(ROWS, model.dim())) {
            model.setReplicas(1);
            for (int places : new int[] {1, 3, 8}) {
                // 4 rows run where they are, 17 are padded.
                for (int rows : new int[] {4, 17}) {
                    long least = Long.MAX_VALUE;
                    Batch batch = new Batch(rows);
                    for (int run = 0; run < 10; run++) {
                        long before = allocated();
                        for (int call = 0; call < 80; call++) {
                            evaluate(model, batch, rows, states, predictions, call % places);
                        }
                        least = Math.min(least, allocated() - before);
                    }
                    assertTrue(least / 80 <= BYTES, least / 80 + " bytes for " + rows + " rows at " + places);
                }
            }
        }
    }

    @Test
    void whatIsPreparedIsThereForEverySizeUpToIt() throws IOException {
        try (PretrainedDenoiser model = TestGraph.labelled(ElementType.INT64).load(folder, TestGraph.label());
                Buffer states = Device.cpu().allocate(ROWS, model.dim());
                Buffer predictions = Device.cpu().allocate(ROWS, model.dim())) {
            model.setReplicas(2);
            model.prepare(ROWS);
            long taken = NativeMemory.allocatedBytes();
            for (int rows = 1; rows <= ROWS; rows++) {
                evaluate(model, new Batch(rows), rows, states, predictions, 0);
            }
            assertEquals(taken, NativeMemory.allocatedBytes());
        }
    }

    private static void evaluate(Denoiser model, Batch batch, int rows, Buffer states, Buffer predictions, int at) {
        batch.begin(states, at, predictions, at);
        for (int i = 0; i < rows; i++) {
            batch.add(LEVEL, Condition.none());
        }
        model.evaluate(batch);
    }
}
