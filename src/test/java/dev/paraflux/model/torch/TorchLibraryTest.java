package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLibraryTest {
    @TempDir
    Path folder;

    @AfterEach
    void oneThread() {
        TorchLibrary.setThreads(1);
    }

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
    void aBatchUsesOneThreadAndAModelACoreEachUnlessAskedOtherwise() {
        TorchLibrary.resetThreads();
        int replicas = TorchLibrary.replicas();
        assertTrue(replicas >= 1 && replicas <= Runtime.getRuntime().availableProcessors(), replicas + " replicas");
        assertEquals(1, TorchLibrary.threads());
        TorchLibrary.setThreads(3);
        assertEquals(3, TorchLibrary.threads());
        assertEquals(1, TorchLibrary.replicas());
        TorchLibrary.resetThreads();
        assertEquals(replicas, TorchLibrary.replicas());
    }

    /** Libtorch's BLAS serves calls of one row, which more threads make slower. */
    @Test
    void blasKeepsOneThreadWhateverIsAskedFor() {
        TorchLibrary.setThreads(2);
        assertEquals(1, TorchLibrary.blasThreads());
    }

    /** libtorch keeps a count for each thread: what is set on one does not reach another that has called it before. */
    @Test
    void theThreadCountReachesThreadsThatHaveUsedTheModelBefore() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (TorchScriptDenoiser model = TorchScriptDenoiser.load(TestModules.plain(folder))) {
            for (int threads : new int[] {2, 1, 3}) {
                TorchLibrary.setThreads(threads);
                model.prepare(1);
                assertEquals(threads, torch.get_num_threads());
                assertEquals(threads, other.submit(() -> {
                    Predictions.of(model, new float[1][30], List.of(new NoiseLevel(1, 0.6, 0.8)), Condition.none());
                    return torch.get_num_threads();
                }).get());
            }
        } finally {
            other.shutdown();
        }
    }

    @Test
    void threadCountsThatCannotBeHadAreRefusedAndChangeNothing() {
        TorchLibrary.setThreads(2);
        int most = TorchLibrary.mostThreads();
        for (int threads : new int[] {0, -1, Integer.MIN_VALUE, most + 1, 3000, Integer.MAX_VALUE}) {
            assertEquals("threads " + threads + ": must be 1 to " + most,
                    assertThrows(IllegalArgumentException.class, () -> TorchLibrary.setThreads(threads)).getMessage());
            assertEquals(2, TorchLibrary.threads());
        }
    }
}
