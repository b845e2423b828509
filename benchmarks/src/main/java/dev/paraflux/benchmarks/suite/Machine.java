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
        dev.paraflux.plan.Machine here = dev.paraflux.plan.Machine.of(Device.cpu());
        return String.format(Locale.ROOT, "%d cores of %s, %.0f GB, %s, %s %s",
                here.processors(), here.processor(), memory(), here.device(), System.getProperty("os.name"),
                System.getProperty("os.version"));
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

    /** In gigabytes; 0 where the system does not tell. */
    private static double memory() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(line -> line.startsWith("MemTotal:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KILOBYTES_OF_GIGABYTE)
                    .findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
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
