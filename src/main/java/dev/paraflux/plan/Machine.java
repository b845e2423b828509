package dev.paraflux.plan;

import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a plan was made on.
 *
 * @param device     where rows lie and kernels run, for example {@code cpu (avx2)}
 * @param processor  what the system calls it, or its architecture
 * @param processors of them, 1 or more
 */
public record Machine(String device, String processor, int processors) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** Checks the number. */
    public Machine {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(processor, "processor");
        Require.atLeast(1, "processors", processors);
    }

    /** This one, with rows on a device of it. */
    public static Machine of(Device device) {
        return new Machine(device.toString(), name(), Runtime.getRuntime().availableProcessors());
    }

    private static String name() {
        try {
            if (Files.isReadable(CPUINFO)) {
                for (String line : Files.readAllLines(CPUINFO)) {
                    if (line.startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).trim();
                    }
                }
            }
        } catch (IOException e) {
            // Its architecture has to do.
        }
        return System.getProperty("os.arch");
    }

    /** For example {@code cpu (avx2), 2 x AMD EPYC}. */
    @Override
    public String toString() {
        return device + ", " + processors + " x " + processor;
    }
}
