package dev.paraflux.benchmarks.suite;

import dev.paraflux.device.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were measured on, as far as it can be told. */
final class Machine {
    private static final double KILOBYTES_OF_GIGABYTE = 1 << 20;

    private Machine() {}

    /** Processor, cores, memory, instruction set of the kernels, system. */
    static String words() {
        return String.format(Locale.ROOT, "%d cores of %s, %.0f GB, %s, %s %s",
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name", System.getProperty("os.arch")), memory(), Device.cpu(),
                System.getProperty("os.name"), System.getProperty("os.version"));
    }

    static String jdk() {
        return System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")";
    }

    /** Of the last minute; {@code ?} where the system does not tell. */
    static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            return "?";
        }
    }

    /** The commit, with a {@code +} where tracked files other than results differ from it; {@code unknown} without git. */
    static String commit(Path root) {
        String commit = git(root, "rev-parse", "--short", "HEAD");
        boolean differs = !git(root, "status", "--porcelain", "--untracked-files=no", "--", "src/main",
                "benchmarks/src",
                "examples", "pom.xml").isEmpty();
        return commit.isEmpty() ? "unknown" : commit + (differs ? "+" : "");
    }

    private static double memory() {
        return Double.parseDouble(field("/proc/meminfo", "MemTotal", "0").split(" ")[0]) / KILOBYTES_OF_GIGABYTE;
    }

    private static String field(String file, String key, String otherwise) {
        try {
            return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(key)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }

    private static String git(Path root, String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = root.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        try {
            Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
