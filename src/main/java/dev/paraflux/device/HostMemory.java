package dev.paraflux.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Memory that a program may still take, as Linux counts it: of this machine, and of the container that it is in. */
public final class HostMemory {
    private static final int KILOBYTE = 1024;
    /** To ask takes as long as to write some megabytes. */
    private static final long ASKED_BYTES = 64L << 20;
    private static final String GROUPS = "/sys/fs/cgroup";

    /**
     * How the two versions of control groups tell a limit, what counts towards it, and what of that is kept of files: such as was
     * not read lately is given back soon, the rest at need.
     */
    private enum Version {
        ONE("memory.limit_in_bytes", "memory.usage_in_bytes", "total_"), TWO("memory.max", "memory.current", "");

        private final String limit;
        private final String usage;
        private final String idle;
        private final String busy;

        Version(String limit, String usage, String prefix) {
            this.limit = limit;
            this.usage = usage;
            idle = prefix + "inactive_file ";
            busy = prefix + "active_file ";
        }
    }

    private final Path root;

    private HostMemory(Path root) {
        this.root = root;
    }

    /** Of this system. */
    public static HostMemory here() {
        return new HostMemory(Path.of("/"));
    }

    /** @param root where {@code proc} and {@code sys} are */
    static HostMemory of(Path root) {
        return new HostMemory(root);
    }

    /** Bytes that can be taken without taking them from others; without end where the system does not tell. */
    public long availableBytes() throws IOException {
        return Math.min(number(root.resolve("proc/meminfo"), "MemAvailable:", KILOBYTE), room(false));
    }

    /**
     * Bytes that can be taken before the limit of the container ends the process, were all given back that is kept of files;
     * without end where there is no limit, or memory can be swapped out.
     */
    public long mostBytes() throws IOException {
        long swap = number(root.resolve("proc/meminfo"), "SwapTotal:", KILOBYTE);
        return swap > 0 && swap != Long.MAX_VALUE ? Long.MAX_VALUE : room(true);
    }

    /**
     * Refuses what a container's limit leaves no room for: who takes it would be ended without a word when it is first used.
     *
     * @param bytes that nobody has used yet; few are let pass unasked
     * @param what  says what they are for
     * @throws OutOfMemoryError if they are more than {@link #mostBytes}
     */
    public void requireRoom(long bytes, String what) {
        if (bytes < ASKED_BYTES) {
            return;
        }
        long most;
        try {
            most = mostBytes();
        } catch (IOException e) {
            // Nobody tells.
            return;
        }
        if (bytes > most) {
            throw new OutOfMemoryError("no memory for " + what + ": " + bytes + " bytes outside the Java heap, and the"
                    + " container's limit leaves " + most);
        }
    }

    /** @param all whether all would be given back that is kept of files */
    private long room(boolean all) throws IOException {
        long room = Long.MAX_VALUE;
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                room = Math.min(room, room(Version.TWO, GROUPS, parts[2], all));
            } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
                room = Math.min(room, room(Version.ONE, GROUPS + "/memory", parts[2], all));
            }
        }
        return room;
    }

    /** A limit holds for the groups below it too. A container may see its own group as the topmost. */
    private long room(Version version, String mount, String group, boolean all) throws IOException {
        Path top = root.resolve(mount.substring(1));
        long room = Long.MAX_VALUE;
        for (Path folder = top.resolve(group.substring(1)); folder.startsWith(top); folder = folder.getParent()) {
            long limit = number(folder.resolve(version.limit), "", 1);
            if (limit != Long.MAX_VALUE) {
                long used = known(number(folder.resolve(version.usage), "", 1));
                Path statistics = folder.resolve("memory.stat");
                long files = known(number(statistics, version.idle, 1))
                        + (all ? known(number(statistics, version.busy, 1)) : 0);
                room = Math.min(room, Math.max(0, limit - Math.max(0, used - files)));
            }
        }
        return room;
    }

    private static long known(long number) {
        return number == Long.MAX_VALUE ? 0 : number;
    }

    /** The number behind a key, or the file's only one; without end where there is none. */
    private static long number(Path file, String key, long unit) throws IOException {
        return lines(file).stream().filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).replaceAll("\\D", "")).flatMap(HostMemory::parsed).findFirst()
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
