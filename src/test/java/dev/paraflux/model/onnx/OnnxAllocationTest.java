package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.Batch;
import dev.paraflux.model.CallAllocations;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the binding of ONNX Runtime makes anew in each run: arrays of names and handles, and what it answers. */
class OnnxAllocationTest {
    /** Measured, 504 a run without other inputs than x and t; some more for each input. */
    private static final int BYTES = 700;

    @TempDir
    Path folder;

    @BeforeEach
    void canBeCounted() {
        CallAllocations.assumeCounted();
    }

    @Test
    void callsMakeFewObjectsWhereverTheirRowsLie() throws IOException {
        try (PretrainedDenoiser model = TestGraph.labelled(ElementType.INT64).load(folder, TestGraph.label());
                CallAllocations calls = new CallAllocations(model)) {
            model.setReplicas(1);
            calls.requireAtMost(BYTES);
        }
    }

    @Test
    void whatIsPreparedIsThereForEverySizeUpToIt() throws IOException {
        try (PretrainedDenoiser model = TestGraph.labelled(ElementType.INT64).load(folder, TestGraph.label());
                CallAllocations calls = new CallAllocations(model)) {
            model.setReplicas(2);
            model.prepare(CallAllocations.ROWS);
            long taken = NativeMemory.allocatedBytes();
            for (int rows = 1; rows <= CallAllocations.ROWS; rows++) {
                calls.evaluate(new Batch(rows), rows, 0);
            }
            assertEquals(taken, NativeMemory.allocatedBytes());
        }
    }
}
