package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.UnconditionalContract;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules on a CUDA device, by libtorch's build for it; skipped where there is none. */
class TorchCudaTest {
    private static final int RUNS = 8;

    @TempDir
    private static Path folder;

    private static Device device() {
        Device device = CudaTests.device();
        String places = TorchLibrary.places();
        assumeTrue(places.startsWith("the CPU and CUDA, with CUDA graphs"), places);
        return device;
    }

    private static PretrainedDenoiser load(Path file, boolean graphs) {
        try {
            return ModelFile.load(file, LoadOptions.DEFAULT.withDevice(device()).withGraphs(graphs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path labelled() {
        try {
            return TestModules.labelled(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class Labelled extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load(labelled(), true);
        }

        @Override
        protected int labels() {
            return 3;
        }

        @Override
        protected Device device() {
            return TorchCudaTest.device();
        }
    }

    @Nested
    class KernelByKernel extends Labelled {
        @Override
        protected Denoiser open() {
            return load(labelled(), false);
        }
    }

    @Nested
    class Changing extends UnconditionalContract {
        @Override
        protected Denoiser open() {
            try {
                return load(TestModules.changing(folder), true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected Device device() {
            return TorchCudaTest.device();
        }
    }

    @Test
    void samplesByGraphsHaveTheBitsOfThoseWithout() throws IOException {
        Path file = labelled();
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser graphs = load(file, true);
                PretrainedDenoiser kernels = load(file, false);
                PretrainedDenoiser host = ModelFile.load(file)) {
            float[][] expected = samples(kernels, device());
            float[][] captured = samples(graphs, device());
            float[][] here = samples(host, Device.cpu());
            for (int run = 0; run < RUNS; run++) {
                assertArrayEquals(expected[run], captured[run]);
                assertArrayEquals(here[run], captured[run], 1e-5f);
            }
            assertEquals(List.of(), warnings.naming("CUDA"));
        }
    }

    /** It waits for a number, which a graph cannot hold. */
    @Test
    void whatCannotBeCapturedIsMadeKernelByKernel() throws IOException {
        Path file = TestModules.write(folder, "asking",
                "def forward(self, x, t):\n"
                        + "    assert bool((t >= 0.0).all()), 'below 0'\n"
                        + "    return 0.5 * x + 0.001 * t.reshape(-1, 1, 1, 1)",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        try (Warnings warnings = new Warnings();
                PretrainedDenoiser model = load(file, true);
                PretrainedDenoiser host = ModelFile.load(file)) {
            assertArrayEquals(samples(host, Device.cpu())[0], samples(model, device())[0], 1e-5f);
            assertEquals(1, warnings.naming("CUDA").size());
            assertTrue(warnings.naming("CUDA").get(0).contains("captur"), warnings.naming("CUDA").get(0));
        }
    }

    private static float[][] samples(PretrainedDenoiser model, Device device) {
        float[][] samples = new float[RUNS][];
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(8)).device(device).method(new Sequential())
                .build()) {
            for (int run = 0; run < RUNS; run++) {
                Request request = model.card().labels() > 0 ? Request.seed(run).withLabel(run % 3) : Request.seed(run);
                Sample sample = sampler.sample(request);
                samples[run] = sample.values();
            }
        }
        return samples;
    }
}
