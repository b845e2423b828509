package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TorchLibraryTest {
    /**
     * A fresh virtual machine with an empty cache, as a user's first run: where the system has another libtorch, a wrong
     * order of loading crashes it.
     */
    @Test
    void aColdCacheLoadsOurOwnLibtorchWhateverTheSystemHas() throws IOException, InterruptedException {
        Path cache = Files.createTempDirectory("paraflux-cold-cache");
        try {
            loadInto(cache);
        } finally {
            delete(cache);
        }
    }

    private static void loadInto(Path cache) throws IOException, InterruptedException {
        Process doctor = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Dorg.bytedeco.javacpp.cachedir=" + cache, "-cp",
                System.getProperty("java.class.path"), "dev.paraflux.cli.Main", "doctor").redirectErrorStream(true)
                .start();
        List<String> output = new String(doctor.getInputStream().readAllBytes()).lines().toList();
        assertTrue(doctor.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, doctor.exitValue(), () -> String.join("\n", output));
        List<String> torch = output.stream().filter(line -> line.matches(".*/lib(torch|torch_cpu|c10)\\.so.*"))
                .toList();
        assertEquals(3, torch.size(), () -> String.join("\n", output));
        assertTrue(torch.stream().allMatch(line -> line.contains(cache.toString())), () -> String.join("\n", torch));
    }

    /** Deletes links, not what they lead to: the cache links to system libraries. */
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theThreadCountReachesLibtorchAndItsBlas() {
        for (int threads : new int[] {2, 1}) {
            TorchLibrary.setThreads(threads);
            assertEquals(threads, TorchLibrary.threads());
            assertEquals(threads, TorchLibrary.blasThreads());
        }
    }

    @Test
    void zeroThreadsAreRefused() {
        assertEquals("threads 0: must be 1 or more",
                assertThrows(IllegalArgumentException.class, () -> TorchLibrary.setThreads(0)).getMessage());
    }
}
