package dev.paraflux.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The memory of this process, as Linux counts it: what the Java heap's statistics do not see. */
public final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Memory() {}

    /** Resident bytes. Skips the test where there is no /proc. */
    public static long residentBytes() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(STATUS));
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS in " + STATUS);
    }
}
