package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.ResidentMemory;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Models that are loaded and closed leave nothing behind. {@code -Dparaflux.loads=10000} does it longer. */
class OnnxMemoryTest {
    private static final int LOADS = Integer.getInteger("paraflux.loads", 100);
    /**
     * What the allocator keeps: measured, 24 to 31 MB in the first 150 loads, and none after 3,000 more. A session in each load
     * would be 70 MB.
     */
    private static final long MOST_BYTES = 45_000_000;
    /** A session of a tiny graph takes about 700 kB. */
    private static final long MOST_BYTES_A_LOAD = 1000;

    @Test
    void loadingAndClosingKeepsNativeMemoryFlat() throws IOException, InterruptedException {
        ResidentMemory.requireFlat(LOADS, MOST_BYTES, MOST_BYTES_A_LOAD, OnnxMemoryTest::load);
    }

    /** A graph whose time is opened, and one that is refused. */
    private static void load(int times) throws IOException {
        Path good = TinyNetwork.of("audio").file(".onnx").resolveSibling("audio_scalar_time.onnx");
        Path bad = good.resolveSibling("audio_int32_label.onnx");
        for (int i = 0; i < times; i++) {
            ModelFile.load(good).close();
            String refusal = assertThrows(IllegalArgumentException.class, () -> TestGraph.loaded(bad).close())
                    .getMessage();
            assertTrue(refusal.contains("inputs [x, t]"), refusal);
        }
    }
}
