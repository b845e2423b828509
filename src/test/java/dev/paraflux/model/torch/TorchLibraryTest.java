package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.cli.Main;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLibraryTest {
    /** Says how many threads of the system have the name of one that loads a model: its own, and those that it began. */
    static final class Load {
        private static final String THREAD = "that-loads";

        private Load() {}

        public static void main(String[] none) throws InterruptedException {
            Thread thread = new Thread(() -> {
                DemoModel.load().close();
                System.out.println(count());
            }, THREAD);
            thread.start();
            thread.join();
        }

        private static long count() {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
                return tasks.map(task -> task.resolve("comm")).filter(Load::isNamed).count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static boolean isNamed(Path file) {
            try {
                return Files.readString(file).strip().equals(THREAD);
            } catch (IOException e) {
                // It has ended.
                return false;
            }
        }
    }

    /** OpenMP would begin one for each processor, and end the process where the limit of threads is reached. */
    @Test
    void whoLoadsAModelForOneThreadBeginsNoOther() throws Exception {
        assertEquals(List.of("1"), new JavaProcess().with("OMP_NUM_THREADS", Path.of("4")).run(0, Load.class));
    }

    @TempDir
    Path folder;

    /**
     * A fresh virtual machine with an empty cache, as a user's first run: where the system has another libtorch, a wrong
     * order of loading crashes it. What it has unpacked can lie in a folder that is loaded from before anything is
     * unpacked.
     */
    @Test
    void aColdCacheLoadsOurOwnLibtorchWhateverTheSystemHas() throws IOException, InterruptedException {
        Path cache = Files.createTempDirectory("paraflux-cold-cache");
        try {
            loadInto(cache);
            loadFrom(linked(cache, cache.resolve("beforehand")), folder.resolve("nothing"));
        } finally {
            delete(cache);
        }
    }

    /**
     * JavaCPP would load a part of the build for CUDA and go on with the CPU's, which ends the process. Here of that build is
     * no more than its name.
     */
    @Test
    void twoBuildsWithoutTheLibrariesOfCudaAreRefused() throws IOException, InterruptedException {
        Path build = folder.resolve("org/bytedeco/pytorch/linux-x86_64-gpu");
        Files.createDirectories(build);
        Files.createFile(build.resolve("libc10.so"));
        List<String> output = new JavaProcess().with("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"))
                .withClassPath(folder).run(1, Main.class, "doctor");
        String said = String.join(" ", output);
        assumeTrue(said.contains("the system's loader does not find"), "this system has CUDA, cuDNN and NCCL");
        assertTrue(said.contains("libtorch cannot be loaded: its build for CUDA is on the class path"), said);
        assertTrue(said.contains("off the class path"), said);
    }

    private static void loadInto(Path cache) throws IOException, InterruptedException {
        List<String> output = new JavaProcess().with("-Dorg.bytedeco.javacpp.cachedir=" + cache).run(0, Main.class,
                "doctor");
        List<String> torch = output.stream().filter(line -> line.matches(".*/lib(torch|torch_cpu|c10)\\.so.*"))
                .toList();
        assertEquals(3, torch.size(), () -> String.join("\n", output));
        assertTrue(torch.stream().allMatch(line -> line.contains(cache.toString())), () -> String.join("\n", torch));
    }

    private static Path linked(Path cache, Path natives) throws IOException {
        Files.createDirectories(natives);
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.filter(one -> one.toString().contains(".so") && !Files.isDirectory(one)).toList()) {
                Path link = natives.resolve(file.getFileName());
                if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, file);
                }
            }
        }
        return natives;
    }

    private static void loadFrom(Path natives, Path cache) throws IOException, InterruptedException {
        List<String> output = new JavaProcess().with("-Dorg.bytedeco.javacpp.pathsFirst=true")
                .with("-Dorg.bytedeco.javacpp.cacheLibraries=false").with("-Djava.library.path=" + natives)
                .with("-Dorg.bytedeco.javacpp.cachedir=" + cache).run(0, Main.class, "doctor");
        assertTrue(output.stream().anyMatch(line -> line.startsWith("demo model")), () -> String.join("\n", output));
        try (Stream<Path> files = Files.walk(cache)) {
            assertEquals(List.of(), files.filter(file -> file.toString().contains(".so")).toList());
        }
    }

    /** Deletes links, not what they lead to: the cache links to system libraries. */
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Libtorch's BLAS serves calls of one row, which more threads make slower. */
    @Test
    void blasKeepsOneThreadWhateverIsAskedFor() throws IOException {
        try (PretrainedDenoiser model = load(2)) {
            model.prepare(1);
            assertEquals(1, TorchLibrary.blasThreads());
        }
    }

    private PretrainedDenoiser load(int threads) throws IOException {
        return ModelFile.load(TestModules.plain(folder), LoadOptions.DEFAULT.withThreads(threads));
    }

    /** libtorch keeps a count for each thread: what is set on one does not reach another that has called it before. */
    @Test
    void theThreadCountOfAModelReachesEveryThreadThatCallsIt() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (PretrainedDenoiser one = load(1); PretrainedDenoiser two = load(2); PretrainedDenoiser three = load(3)) {
            assertEquals(1, two.mostReplicas());
            for (PretrainedDenoiser model : List.of(two, one, three)) {
                int threads = model == one ? 1 : model == two ? 2 : 3;
                Predictions.of(model, new float[1][30], List.of(new NoiseLevel(1, 0.6, 0.8)), Condition.none());
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
}
