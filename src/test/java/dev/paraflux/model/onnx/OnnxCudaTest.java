package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Graphs on a CUDA device, by ONNX Runtime's provider for it; skipped where there is none. */
@Timeout(300)
class OnnxCudaTest {
    private static final NoiseLevel LEVEL = new NoiseLevel(500, 0.6, 0.8);
    private static final int RUNS = 8;

    @TempDir
    private static Path folder;

    private static Device device() {
        Device device = CudaTests.device();
        String places = OnnxBackend.places();
        assumeTrue(places.equals("the CPU and CUDA"), places);
        return device;
    }

    private static PretrainedDenoiser load(TestGraph graph, Device where, ModelInput... inputs) {
        try {
            return ModelFile.load(graph.write(folder), TestGraph.card(inputs), LoadOptions.DEFAULT.withDevice(where));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A product of matrices, a convolution, and a time of each row. */
    private static TestGraph network() {
        float[] product = new float[9];
        for (int i = 0; i < product.length; i++) {
            product[i] = (float) Math.sin(i + 1);
        }
        return TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").floats("nine", product).axes("square", 3, 3)
                .node("Reshape", "weights", "nine", "square").floats("four", 0.7f, -0.3f, 0.2f, 0.9f)
                .axes("channels", 2, 2, 1).node("Reshape", "kernel", "four", "channels")
                .node("MatMul", "product", "x", "weights").node("Conv", "convolved", "product", "kernel")
                .axes("axes", 1, 2)
                .node("Unsqueeze", "t3", "t", "axes").floats("thousandth", 0.001f).node("Mul", "s", "t3", "thousandth")
                .node("Add", "y", "convolved", "s").output("y", ElementType.FLOAT32, "n", 2, 3);
    }

    @Nested
    class Labelled extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load(TestGraph.labelled(ElementType.INT64), OnnxCudaTest.device(), TestGraph.label());
        }

        @Override
        protected int labels() {
            return 3;
        }
    }

    /** Values that TF32 does not hold. */
    @Test
    void predictionsAreTheCpusToTheRoundingOfFloat32AndRepeat() {
        float[][] rows = new float[20][6];
        for (int i = 0; i < rows.length; i++) {
            for (int e = 0; e < rows[i].length; e++) {
                rows[i][e] = 1 + (i * 6 + e) / 4096f;
            }
        }
        List<NoiseLevel> levels = Collections.nCopies(rows.length, LEVEL);
        try (PretrainedDenoiser there = load(network(), device());
                PretrainedDenoiser here = load(network(), Device.cpu())) {
            float[][] expected = Predictions.of(here, rows, levels, Condition.none());
            float[][] first = Predictions.of(there, rows, levels, Condition.none());
            for (int run = 0; run < RUNS; run++) {
                assertArrayEquals(first, Predictions.of(there, rows, levels, Condition.none()));
            }
            for (int i = 0; i < rows.length; i++) {
                assertArrayEquals(expected[i], first[i], 4e-6f);
            }
        }
    }

    @Test
    void aSamplerHasItsRowsOnEitherSide() {
        try (PretrainedDenoiser there = load(network(), device());
                PretrainedDenoiser here = load(network(), Device.cpu())) {
            float[] expected = sample(here, Device.cpu());
            assertArrayEquals(sample(there, Device.cpu()), sample(there, device()));
            assertArrayEquals(expected, sample(there, device()), 1e-3f);
        }
    }

    private static float[] sample(PretrainedDenoiser model, Device rows) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).method(ParaTaa.defaults()).device(rows)
                .build()) {
            return sampler.sample(Request.seed(1)).values();
        }
    }

    @Test
    void aTimeLimitEndsTheCallUnderWayAndTheNextIsRight() {
        try (PretrainedDenoiser model = load(TestGraph.looping(), device());
                Sampler sampler = Sampler.builder(model, TestGrids.linear(4)).device(device()).build()) {
            float[] expected = sampler.sample(Request.seed(3)).values();
            float[] start = new float[model.dim()];
            // A loop of some hundred years.
            Arrays.fill(start, 1e17f);
            assertEquals(Status.DEADLINE_PASSED, sampler.sample(List.of(Request.seed(3).withStart(start)),
                    RunOptions.defaults().withTimeout(Duration.ofMillis(200))).get(0).status());
            assertArrayEquals(expected, sampler.sample(Request.seed(3)).values());
        }
    }
}
