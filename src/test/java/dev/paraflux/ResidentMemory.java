package dev.paraflux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process that is there, the Java heap and all else, as Linux counts it. */
public final class ResidentMemory {
    private static final int PAGE_BYTES = 4096;
    private static final int LOOKS = 10;

    private ResidentMemory() {}

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
