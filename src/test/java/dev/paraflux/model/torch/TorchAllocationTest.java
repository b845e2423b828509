package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.Batch;
import dev.paraflux.model.CallAllocations;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the binding of libtorch makes anew in each call: its guard, the answer and the answer's tensor, and no more. */
class TorchAllocationTest {
    /** Of the three objects, with what frees them; measured, 264. */
    private static final int BYTES = 320;
    /** The same where rows lie at a new place; measured, 2300, and 5500 or more at a size that is new, too. */
    private static final int BYTES_OF_A_PLACE = 4000;

    @TempDir
    Path folder;

    @BeforeEach
    void canBeCounted() {
        CallAllocations.assumeCounted();
    }

    @Test
    void callsMakeFewObjectsWhereverTheirRowsLie() throws IOException {
        try (PretrainedDenoiser model = TestModules.alone(TestModules.labelled(folder));
                CallAllocations calls = new CallAllocations(model)) {
            calls.requireAtMost(BYTES);
        }
    }

    /** Three parts, of which this thread does as many as it comes to. */
    @Test
    void callsThatThreadsShareMakeNoMore() throws IOException {
        try (PretrainedDenoiser model = TestModules.alone(TestModules.labelled(folder));
                CallAllocations calls = new CallAllocations(model)) {
            model.setReplicas(3);
            long bytes = calls.bytesACall(17, 8);
            assertTrue(bytes <= 3 * BYTES, bytes + " bytes");
        }
    }

    @Test
    void whatIsPreparedIsThereForEverySizeUpToIt() throws IOException {
        try (PretrainedDenoiser model = TestModules.alone(TestModules.labelled(folder));
                CallAllocations calls = new CallAllocations(model)) {
            model.prepare(CallAllocations.ROWS);
            long taken = NativeMemory.allocatedBytes();
            // The first call of all loads classes.
            calls.evaluate(new Batch(1), 1, 0);
            for (int rows = 2; rows <= CallAllocations.ROWS; rows++) {
                long before = CallAllocations.made();
                calls.evaluate(new Batch(rows), rows, 0);
                long bytes = CallAllocations.made() - before;
                assertTrue(bytes <= BYTES_OF_A_PLACE, bytes + " bytes for the first " + rows + " rows");
            }
            assertEquals(taken, NativeMemory.allocatedBytes());
        }
    }
}
