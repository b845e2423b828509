package dev.paraflux.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Memory that a program may still take, as Linux counts it: of this machine, and of the container that it is in. */
final class FreeMemory {
    private static final int KILOBYTE = 1024;
    private static final String GROUPS = "/sys/fs/cgroup";

    /** How the two versions of control groups tell a limit, what counts towards it, and what of that would be given back. */
    private enum Version {
        ONE("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "),
        TWO("memory.max", "memory.current", "inactive_file ");

        private final String limit;
        private final String usage;
        private final String cache;

        Version(String limit, String usage, String cache) {
            this.limit = limit;
            this.usage = usage;
            this.cache = cache;
        }
    }

    private final Path root;

    /** @param root where {@code proc} and {@code sys} are: the root of the file system */
    FreeMemory(Path root) {
        this.root = root;
    }

    /** In bytes; without end where the system does not tell. */
    long bytes() throws IOException {
        long free = number(root.resolve("proc/meminfo"), "MemAvailable:", KILOBYTE);
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                free = Math.min(free, room(Version.TWO, GROUPS, parts[2]));
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                free = Math.min(free, room(Version.ONE, GROUPS + "/memory", parts[2]));
            }
        }
        return free;
    }

    /** A limit holds for the groups below it too. A container may see its own group as the topmost. */
    private long room(Version version, String mount, String group) throws IOException {
        Path top = root.resolve(mount.substring(1));
        long room = Long.MAX_VALUE;
        for (Path folder = top.resolve(group.substring(1)); folder.startsWith(top); folder = folder.getParent()) {
            long limit = number(folder.resolve(version.limit), "", 1);
            if (limit != Long.MAX_VALUE) {
                long used = number(folder.resolve(version.usage), "", 1);
                long cache = number(folder.resolve("memory.stat"), version.cache, 1);
                long kept = used == Long.MAX_VALUE ? 0 : cache == Long.MAX_VALUE ? used : used - cache;
                room = Math.min(room, Math.max(0, limit - kept));
            }
        }
        return room;
    }

    /** The number behind a key, or the file's only one; without end where there is none. */
    private static long number(Path file, String key, long unit) throws IOException {
        return lines(file).stream().filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).replaceAll("\\D", "")).flatMap(FreeMemory::parsed).findFirst()
                .map(number -> Math.multiplyExact(number, unit)).orElse(Long.MAX_VALUE);
    }

    /** None of "max", which is no limit. */
    private static Stream<Long> parsed(String digits) {
        return digits.isEmpty() ? Stream.empty() : Stream.of(Long.parseLong(digits));
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.isReadable(file) && Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    }
}
