package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TestModules;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * libtorch's build for CUDA itself, over the emulated device, by models that only copy: run by
 * {@code src/main/cpp/test/emulation/libtorch/run}, and skipped elsewhere.
 */
@Timeout(120)
class LibtorchCudaTest {
    private static final String LOG = System.getenv("STAND_IN_LOG");
    private static final Path TROUBLE = Path.of(String.valueOf(System.getenv("EMULATED_TROUBLE")));
    private static final int DIM = 30;
    /** What the package answers in the place of a row's first value. */
    private static final float WEIGHT = 0.25f;

    @TempDir
    Path folder;

    private Device device;

    @BeforeEach
    void find() throws IOException {
        String packages = System.getProperty("paraflux.packages");
        assumeTrue(LOG != null && packages != null, "there is no stand-in");
        device = CudaTests.device();
        assertEquals("the CPU and CUDA, with CUDA graphs", TorchLibrary.places());
        Files.copy(Path.of(packages, "copy.pt2"), folder.resolve("copy.pt2"));
        Files.writeString(ModelCard.beside(folder.resolve("copy.pt2")),
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
    }

    @AfterEach
    void mend() throws IOException {
        Files.deleteIfExists(TROUBLE);
    }

    private PretrainedDenoiser compiled(boolean graphs) throws IOException {
        return load(folder.resolve("copy.pt2"), graphs);
    }

    private PretrainedDenoiser script(String forward) throws IOException {
        return load(TestModules.write(folder, "script", forward,
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", "")), true);
    }

    private PretrainedDenoiser load(Path file, boolean graphs) throws IOException {
        return ModelFile.load(file, LoadOptions.DEFAULT.withDevice(device).withGraphs(graphs));
    }

    /** What libtorch has asked of CUDA since this was asked last. */
    private static List<String> log() throws IOException {
        Path file = Path.of(LOG);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        Files.deleteIfExists(file);
        return lines;
    }

    private static float[][] rows(int count) {
        Random random = new Random(1);
        float[][] rows = new float[count][DIM];
        for (float[] row : rows) {
            for (int e = 0; e < DIM; e++) {
                row[e] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static float[][] asked(PretrainedDenoiser model, float[][] rows) {
        return Predictions.of(model, rows, Collections.nCopies(rows.length, new NoiseLevel(500, 0.6, 0.8)),
                Condition.none());
    }

    @Test
    void aPackageAnswersOnStreamsOfOurs() throws IOException {
        try (PretrainedDenoiser model = compiled(false)) {
            log();
            for (int count : List.of(1, 5, 64, 100)) {
                float[][] expected = rows(count);
                float[][] found = asked(model, expected);
                for (int i = 0; i < count; i++) {
                    expected[i][0] = WEIGHT;
                    assertArrayEquals(expected[i], found[i], "row " + i + " of " + count);
                }
            }
            List<String> done = log();
            assertTrue(done.contains("copy 600 on a stream"), done.toString());
            assertEquals(List.of(), done.stream().filter(line -> line.contains("default stream")).toList());
        }
    }

    @Test
    void capturedCallsHaveTheBitsOfOthersAndAskLibtorchForNothing() throws IOException {
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser graphs = compiled(true);
                PretrainedDenoiser kernels = compiled(false);
                Sampler captured = sampler(graphs, device);
                Sampler made = sampler(kernels, device);
                Sampler here = sampler(kernels, Device.cpu())) {
            for (int run = 0; run < 4; run++) {
                float[] expected = made.sample(Request.seed(run)).values();
                assertArrayEquals(expected, here.sample(Request.seed(run)).values());
                log();
                assertArrayEquals(expected, captured.sample(Request.seed(run)).values());
            }
            assertEquals(List.of(), log(), "of the last sample");
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }

    private static Sampler sampler(PretrainedDenoiser model, Device rows) {
        return Sampler.builder(model, TestGrids.linear(8)).device(rows).method(new Sequential()).build();
    }

    /** Memory of graphs is given back with them, and taken anew by the next ones. */
    @Test
    void modelsComeAndGo() throws IOException {
        float[] expected = null;
        for (int turn = 0; turn < 4; turn++) {
            try (PretrainedDenoiser model = turn % 2 == 0 ? compiled(true) : script(COPY);
                    Sampler sampler = Sampler.builder(model, TestGrids.linear(12)).device(device)
                            .method(ParaTaa.defaults()).build()) {
                float[] found = null;
                for (int run = 0; run < 3; run++) {
                    found = sampler.sample(Request.seed(5)).values();
                }
                if (turn % 2 == 0) {
                    assertArrayEquals(expected == null ? found : expected, found);
                    expected = found;
                }
            }
        }
    }

    private static final String COPY = "def forward(self, x, t):\n    return x.clone()";

    @Test
    void aModuleIsCapturedToo() throws IOException {
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = script(COPY);
                Sampler sampler = sampler(model, device)) {
            assertArrayEquals(rows(7), asked(model, rows(7)));
            float[] expected = sampler.sample(Request.seed(1)).values();
            sampler.sample(Request.seed(2));
            log();
            assertArrayEquals(expected, sampler.sample(Request.seed(1)).values());
            assertEquals(List.of(), log());
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }

    /** A number that it waits for is what a graph cannot hold. */
    @Test
    void whatWaitsIsMadeKernelByKernel() throws IOException {
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = script(
                        "def forward(self, x, t):\n    assert bool(t.clone()[0] > -1.0), 'never'\n    return x.clone()");
                Sampler sampler = sampler(model, device)) {
            float[] expected = sampler.sample(Request.seed(1)).values();
            assertArrayEquals(expected, sampler.sample(Request.seed(1)).values());
            assertEquals(1, warnings.naming("CUDA").size(), warnings.naming("CUDA").toString());
        }
    }

    /** Compiled code only says that a call of libtorch's failed; its allocator has counted why. */
    @Test
    void tooLittleMemoryIsFoundOutThoughNobodyTells() throws IOException {
        try (PretrainedDenoiser model = compiled(true)) {
            float[][] expected = asked(model, rows(1));
            log();
            Files.writeString(TROUBLE, "1");
            OutOfMemoryError error = assertThrows(OutOfMemoryError.class, () -> asked(model, rows(64)));
            assertFalse(error.getMessage().isEmpty());
            Files.delete(TROUBLE);
            assertArrayEquals(expected, asked(model, rows(1)));
        }
    }
}
