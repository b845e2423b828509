package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Packages on a CUDA device, by libtorch's build for it; skipped where there is none, or no package for it:
 * {@code -Dparaflux.packages} names a folder in which {@code tools/compiled_models.py FOLDER cuda} has compiled them.
 */
class AotiCudaTest {
    private static final int RUNS = 8;
    /** What sums in another order come to, of values up to 2. */
    private static final float AGREEMENT = 1e-5f;

    private static Device device() {
        Device device = CudaTests.device();
        String places = TorchLibrary.places();
        assumeTrue(places.startsWith("the CPU and CUDA, with CUDA graphs"), places);
        return device;
    }

    private static Path file(String name) {
        String folder = System.getProperty("paraflux.packages");
        assumeTrue(folder != null, "no packages: -Dparaflux.packages names their folder");
        return Path.of(folder, name);
    }

    private static PretrainedDenoiser load(String name, boolean graphs) {
        Device device = device();
        try {
            return ModelFile.load(TestPackages.withCard(file(name)),
                    LoadOptions.DEFAULT.withDevice(device).withGraphs(graphs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class Labelled extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load("tiny.pt2", true);
        }

        @Override
        protected int labels() {
            return 4;
        }

        @Override
        protected double batchTolerance() {
            return AGREEMENT;
        }

        @Override
        protected Device device() {
            return AotiCudaTest.device();
        }
    }

    @Nested
    class KernelByKernel extends Labelled {
        @Override
        protected Denoiser open() {
            return load("tiny.pt2", false);
        }
    }

    /** Its rows come from the host, and go there. */
    @Nested
    class FromTheHost extends Labelled {
        @Override
        protected Device device() {
            return Device.cpu();
        }
    }

    /** From two rows on, in bfloat16, of copies of x. */
    @Nested
    class Odd extends Labelled {
        @Override
        protected Denoiser open() {
            return load("odd.pt2", true);
        }

        @Override
        protected double batchTolerance() {
            return 4e-3;
        }
    }

    /** Three rows, as PyTorch evaluates them on the CPU. */
    @Test
    void predictionsArePyTorchsAndRepeat() throws IOException {
        try (PretrainedDenoiser model = load("tiny.pt2", true)) {
            int dim = model.dim();
            float[][] states = new float[3][dim];
            for (int i = 0; i < 3 * dim; i++) {
                states[i / dim][i % dim] = (float) (-1 + 2.0 * i / (3 * dim - 1));
            }
            FloatBuffer expected = ByteBuffer.wrap(Files.readAllBytes(file("tiny.expected")))
                    .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            List<NoiseLevel> levels = List.of(at(0), at(250.5), at(999));
            List<Conditioning> asked = List.of(Conditioning.of(Condition.label(0)),
                    Conditioning.of(Condition.label(2)), Conditioning.of(Condition.none()));
            float[][] first = Predictions.of(model, states, levels, asked);
            for (float[] found : first) {
                float[] row = new float[dim];
                expected.get(row);
                assertArrayEquals(row, found, AGREEMENT);
            }
            for (int run = 0; run < RUNS; run++) {
                assertArrayEquals(first, Predictions.of(model, states, levels, asked));
            }
        }
    }

    private static NoiseLevel at(double time) {
        return new NoiseLevel(time, 0.6, 0.8);
    }

    @Test
    void samplesByGraphsHaveTheBitsOfThoseWithout() {
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser graphs = load("tiny.pt2", true);
                PretrainedDenoiser kernels = load("tiny.pt2", false)) {
            assertArrayEquals(samples(kernels, device()), samples(graphs, device()));
            assertArrayEquals(samples(kernels, Device.cpu()), samples(graphs, device()));
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }

    private static float[][] samples(PretrainedDenoiser model, Device rows) {
        float[][] samples = new float[2 * RUNS][];
        try (Sampler one = Sampler.builder(model, TestGrids.linear(8)).device(rows).method(new Sequential()).build();
                Sampler many = Sampler.builder(model, TestGrids.linear(8)).device(rows).method(ParaTaa.defaults())
                        .build()) {
            for (int run = 0; run < RUNS; run++) {
                samples[2 * run] = one.sample(Request.seed(run).withLabel(run % 3)).values();
                samples[2 * run + 1] = many.sample(Request.seed(run).withLabel(run % 3)).values();
            }
        }
        return samples;
    }

    /** Each has code and weights of its own, and leaves with them. */
    @Test
    void modelsOfOnePackageAreIndependent() {
        PretrainedDenoiser first = load("tiny.pt2", true);
        try (PretrainedDenoiser second = load("tiny.pt2", true)) {
            float[][] expected = samples(first, device());
            first.close();
            assertArrayEquals(expected, samples(second, device()));
        }
    }
}
