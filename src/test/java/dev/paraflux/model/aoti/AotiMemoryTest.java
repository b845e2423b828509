package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.ResidentMemory;
import dev.paraflux.model.CallAllocations;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are loaded and closed leave nothing behind. {@code -Dparaflux.loads=10000} does it longer. */
class AotiMemoryTest {
    private static final int LOADS = Integer.getInteger("paraflux.loads", 100);
    /** libtorch's runner never frees what it makes of a call that is refused, and each load asks some. Measured, 4,500. */
    private static final long MOST_BYTES_A_LOAD = 10_000;
    /** What the virtual machine itself takes meanwhile. */
    private static final long NOISE_BYTES = 24_000_000;
    /** Of the guard, the answers and their tensor, with what frees them; measured, 248, and 384 where less is compiled into one. */
    private static final int BYTES_A_CALL = 450;

    @TempDir
    Path folder;

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    @Test
    void loadingAndClosingKeepsNativeMemoryFlat() throws IOException, InterruptedException {
        Path file = TestPackages.tiny(folder);
        load(file, LOADS / 2);
        long code = libraries();
        long before = residentBytes();
        load(file, LOADS);
        long grown = residentBytes() - before;
        assertTrue(grown < NOISE_BYTES + LOADS * MOST_BYTES_A_LOAD,
                LOADS + " loads grew the process by " + grown + " bytes");
        assertEquals(code, libraries(), "libraries in memory");
    }

    /** Of all packages that threads of this process have run. */
    private static long libraries() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("paraflux-compiled") && line.contains("r-xp")).count();
        }
    }

    private static void load(Path file, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            TestPackages.load(file).close();
        }
    }

    /** Without the Java heap, which grows by what is read and thrown away. */
    private static long residentBytes() throws IOException, InterruptedException {
        return ResidentMemory.bytes() - Runtime.getRuntime().totalMemory();
    }

    @Test
    void callsMakeFewObjects() throws IOException {
        CallAllocations.assumeCounted();
        try (PretrainedDenoiser model = TestPackages.load(TestPackages.tiny(folder));
                CallAllocations calls = new CallAllocations(model)) {
            model.setReplicas(1);
            calls.requireAtMost(BYTES_A_CALL);
        }
    }
}
