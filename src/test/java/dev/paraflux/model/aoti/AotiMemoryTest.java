package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are loaded and closed leave nothing behind. {@code -Dparaflux.loads=10000} does it longer. */
class AotiMemoryTest {
    private static final int LOADS = Integer.getInteger("paraflux.loads", 100);
    private static final int PAGE_BYTES = 4096;
    /** libtorch's runner never frees what it makes of a call that is refused, and each load asks some. Measured, 4,500. */
    private static final long MOST_BYTES_A_LOAD = 10_000;
    /** What the virtual machine itself takes meanwhile. */
    private static final long NOISE_BYTES = 24_000_000;
    /** Of the guard, the answers and their tensor, with what frees them; measured, 248. */
    private static final int BYTES_A_CALL = 320;

    private static final NoiseLevel LEVEL = TestGrids.linear(10).level(0);

    @TempDir
    Path folder;

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    @Test
    void loadingAndClosingKeepsNativeMemoryFlat() throws IOException {
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
    private static long residentBytes() throws IOException {
        System.gc();
        long resident = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES;
        return resident - Runtime.getRuntime().totalMemory();
    }

    @Test
    void callsMakeFewObjects() throws IOException {
        Assumptions.assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (PretrainedDenoiser model = TestPackages.load(TestPackages.tiny(folder));
                Buffer states = Device.cpu().allocate(20, model.dim());
                Buffer predictions = Device.cpu().allocate(20, model.dim())) {
            model.setReplicas(1);
            for (int rows : new int[] {4, 17}) {
                Batch batch = new Batch(rows);
                long least = Long.MAX_VALUE;
                for (int run = 0; run < 10; run++) {
                    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                    for (int call = 0; call < 80; call++) {
                        batch.begin(states, call % 3, predictions, call % 3);
                        for (int i = 0; i < rows; i++) {
                            batch.add(LEVEL, Condition.none());
                        }
                        model.evaluate(batch);
                    }
                    least = Math.min(least, threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
                }
                assertTrue(least / 80 <= BYTES_A_CALL, least / 80 + " bytes for " + rows + " rows");
            }
        }
    }
}
