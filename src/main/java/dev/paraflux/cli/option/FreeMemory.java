package dev.paraflux.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this machine that a program may still take, as Linux counts it. */
final class FreeMemory {
    private static final Path FILE = Path.of("/proc/meminfo");
    private static final String KEY = "MemAvailable:";
    private static final int KILOBYTE = 1024;

    private FreeMemory() {}

    /** In bytes; without end where the system does not tell. */
    static long bytes() throws IOException {
        if (!Files.isReadable(FILE)) {
            return Long.MAX_VALUE;
        }
        return Files.readAllLines(FILE).stream().filter(line -> line.startsWith(KEY)).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILOBYTE).orElse(Long.MAX_VALUE);
    }
}
