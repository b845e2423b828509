package dev.paraflux.model.torch;

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
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the binding of libtorch makes anew in each call: its guard, the answer and the answer's tensor, and no more. */
class TorchAllocationTest {
    private static final int ROWS = 30;
    private static final NoiseLevel LEVEL = TestGrids.linear(10).level(0);
    /** Of the three objects, with what frees them; measured, 264. */
    private static final int BYTES = 320;
    /** The same where rows lie at a new place; measured, 2300, and 5500 or more at a size that is new, too. */
    private static final int BYTES_OF_A_PLACE = 4000;

    @TempDir
    Path folder;

    private final long thread = Thread.currentThread().getId();

    /** What one thread makes is counted: no other one takes a part of it. */

    @BeforeEach
    void canBeCounted() {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean);
    }

    private long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(thread);
    }

    @Test
    void callsMakeFewObjectsWhereverTheirRowsLie() throws IOException {
        try (PretrainedDenoiser model = TestModules.alone(TestModules.labelled(folder));
                Buffer states = Device.cpu().allocate(ROWS, model.dim());
                Buffer predictions = Device.cpu().allocate(ROWS, model.dim())) {
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

    /** Three parts, of which this thread does as many as it comes to. */
    @Test
    void callsThatThreadsShareMakeNoMore() throws IOException {
        try (PretrainedDenoiser model = TestModules.alone(TestModules.labelled(folder));
                Buffer states = Device.cpu().allocate(ROWS, model.dim());
                Buffer predictions = Device.cpu().allocate(ROWS, model.dim())) {
            model.setReplicas(3);
            Batch batch = new Batch(17);
            long least = Long.MAX_VALUE;
            for (int run = 0; run < 10; run++) {
                long before = allocated();
                for (int call = 0; call < 80; call++) {
                    evaluate(model, batch, 17, states, predictions, call % 8);
                }
                least = Math.min(least, allocated() - before);
            }
            assertTrue(least / 80 <= 3 * BYTES, least / 80 + " bytes");
        }
    }

    @Test
    void whatIsPreparedIsThereForEverySizeUpToIt() throws IOException {
        try (PretrainedDenoiser model = TestModules.alone(TestModules.labelled(folder));
                Buffer states = Device.cpu().allocate(ROWS, model.dim());
                Buffer predictions = Device.cpu().allocate(ROWS, model.dim())) {
            model.prepare(ROWS);
            long taken = NativeMemory.allocatedBytes();
            // The first call of all loads classes.
            evaluate(model, new Batch(1), 1, states, predictions, 0);
            for (int rows = 2; rows <= ROWS; rows++) {
                long before = allocated();
                evaluate(model, new Batch(rows), rows, states, predictions, 0);
                long bytes = allocated() - before;
                assertTrue(bytes <= BYTES_OF_A_PLACE, bytes + " bytes for the first " + rows + " rows");
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
