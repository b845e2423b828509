package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process that is there, the Java heap and all else, as Linux counts it. */
public final class ResidentMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int LOOKS = 10;

    private ResidentMemory() {}

    /** What is done so many times. */
    @FunctionalInterface
    public interface Work {
        void times(int times) throws IOException;
    }

    /**
     * Does it half as many times, and then checks by how much doing it has grown the process, and that it took no native
     * memory of ours.
     *
     * @param most  bytes, however many times
     * @param each  bytes more for each time
     */
    public static void requireFlat(int times, long most, long each, Work work)
            throws IOException, InterruptedException {
        work.times(times / 2);
        long taken = NativeMemory.allocatedBytes();
        long before = bytes();
        work.times(times);
        long grown = bytes() - before;
        assertEquals(taken, NativeMemory.allocatedBytes());
        assertTrue(grown < most + times * each, times + " times grew the process by " + grown + " bytes");
    }

    /** Bytes, after garbage was collected: the least within a second, since compilers of the machine take more for a moment. */
    public static long bytes() throws IOException, InterruptedException {
        System.gc();
        long least = Long.MAX_VALUE;
        for (int look = 0; look < LOOKS; look++) {
            Thread.sleep(1000 / LOOKS);
            least = Math.min(least,
                    Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES);
        }
        return least;
    }
}
