package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
    @TempDir
    Path root;

    private void has(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void hasLimit(String limit, String used) throws IOException {
        has("proc/self/cgroup", "0::/\n");
        has("sys/fs/cgroup/memory.max", limit + "\n");
        has("sys/fs/cgroup/memory.current", used + "\n");
    }

    private long free() throws IOException {
        return HostMemory.of(root).availableBytes();
    }

    @BeforeEach
    void aMachine() throws IOException {
        has("proc/meminfo", "MemTotal:       9000000 kB\nMemFree:         100000 kB\nMemAvailable:    8000000 kB\n");
    }

    @Test
    void aMachineAloneTellsWhatIsAvailable() throws IOException {
        assertEquals(8_000_000L * 1024, free());
        has("proc/meminfo", "MemTotal:       9000000 kB\n");
        assertEquals(Long.MAX_VALUE, free());
    }

    @Test
    void theLimitOfAContainerCountsWithoutWhatItWouldGiveBack() throws IOException {
        hasLimit("4000000000", "1500000000");
        has("sys/fs/cgroup/memory.stat", "anon 900000000\ninactive_file 500000000\nactive_file 100000000\n");
        assertEquals(3_000_000_000L, free());
        has("sys/fs/cgroup/memory.max", "max\n");
        assertEquals(8_000_000L * 1024, free());
    }

    @Test
    void whatIsKeptOfFilesIsGivenBackBeforeTheLimitEndsAnything() throws IOException {
        assertEquals(Long.MAX_VALUE, HostMemory.of(root).mostBytes());
        hasLimit("4000000000", "1500000000");
        has("sys/fs/cgroup/memory.stat", "anon 900000000\ninactive_file 500000000\nactive_file 100000000\n");
        assertEquals(3_100_000_000L, HostMemory.of(root).mostBytes());
        has("proc/meminfo", "MemAvailable:    8000000 kB\nSwapTotal:       0 kB\n");
        assertEquals(3_100_000_000L, HostMemory.of(root).mostBytes());
        has("proc/meminfo", "MemAvailable:    8000000 kB\nSwapTotal:       1000 kB\n");
        assertEquals(Long.MAX_VALUE, HostMemory.of(root).mostBytes());
    }

    @Test
    void whatTheLimitLeavesNoRoomForIsRefused() throws IOException {
        hasLimit("400000000", "150000000");
        HostMemory memory = HostMemory.of(root);
        memory.requireRoom(250_000_000, "rows");
        assertEquals(
                "no memory for rows: 250000001 bytes outside the Java heap, and the container's limit leaves 250000000",
                assertThrows(OutOfMemoryError.class, () -> memory.requireRoom(250_000_001, "rows")).getMessage());
        has("sys/fs/cgroup/memory.max", "150000000\n");
        memory.requireRoom(1 << 20, "rows");
        has("sys/fs/cgroup/memory.max", "max\n");
        memory.requireRoom(Long.MAX_VALUE, "rows");
    }

    @Test
    void theLimitOfAnyGroupAboveHolds() throws IOException {
        has("proc/self/cgroup", "0::/system.slice/paraflux.service\n");
        has("sys/fs/cgroup/system.slice/memory.max", "2000000000\n");
        has("sys/fs/cgroup/system.slice/memory.current", "1900000000\n");
        has("sys/fs/cgroup/system.slice/paraflux.service/memory.max", "1000000000\n");
        has("sys/fs/cgroup/system.slice/paraflux.service/memory.current", "300000000\n");
        assertEquals(100_000_000L, free());
    }

    @Test
    void theFirstVersionOfGroupsTellsTheSame() throws IOException {
        has("proc/self/cgroup", "5:cpu,cpuacct:/docker/a\n4:memory:/docker/a\n");
        has("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000000\n");
        has("sys/fs/cgroup/memory/memory.usage_in_bytes", "400000000\n");
        has("sys/fs/cgroup/memory/memory.stat", "inactive_file 7\ntotal_inactive_file 100000000\n");
        assertEquals(700_000_000L, free());
        has("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertEquals(8_000_000L * 1024, free());
    }

    @Test
    void thisMachineHasSome() throws IOException {
        assertTrue(HostMemory.here().availableBytes() > 0);
    }
}
