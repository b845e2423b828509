package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Graphs on another device than the host. ONNX Runtime has none here: a stand-in is not the host, and is the CPU to ONNX Runtime,
 * so that all is done as on CUDA, but for the device.
 */
class OnnxDeviceTest {
    private static final CountingDevice THERE = new CountingDevice(false);
    private static final NoiseLevel LEVEL = new NoiseLevel(500, 0.6, 0.8);

    @TempDir
    Path folder;

    private PretrainedDenoiser load(Backend backend, TestGraph graph, ModelInput... inputs) {
        try {
            return PretrainedDenoiser.load(backend, graph.write(folder), TestGraph.card(inputs), LoadOptions.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows are the host's. */
    @Nested
    class Labelled extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load(new OnnxStandIn(THERE), TestGraph.labelled(ElementType.INT64), TestGraph.label());
        }

        @Override
        protected int labels() {
            return 3;
        }
    }

    @Test
    void aCallIsOnePartOfASizeThatComesAgain() {
        CountedBackend backend = new CountedBackend(new OnnxStandIn(THERE));
        try (PretrainedDenoiser model = load(backend, TestGraph.plain())) {
            assertEquals(1, model.replicas());
            assertEquals(1, model.mostReplicas());
            assertEquals("replicas 2: must be 1 on " + THERE + ", where a call is evaluated as a whole",
                    assertThrows(IllegalValueException.class, () -> model.setReplicas(2)).getMessage());
            model.prepare(61);
            for (int rows : new int[] {64, 61, 57, 64}) {
                int before = backend.runs.get();
                Predictions.of(model, new float[rows][6], Collections.nCopies(rows, LEVEL), Condition.none());
                assertEquals(1, backend.runs.get() - before, "61 and 57 rows are padded to 64, and no size is new");
            }
        }
    }

    /** A sampler that has its rows there has them brought. */
    @Test
    void rowsThereGoByTheHost() throws IOException {
        float[] expected;
        try (PretrainedDenoiser model = TestGraph.plain().load(folder)) {
            expected = sample(model, Device.cpu());
        }
        try (PretrainedDenoiser model = load(new OnnxStandIn(THERE), TestGraph.plain())) {
            assertTrue(model.worksOn(Device.cpu()));
            assertFalse(model.worksOn(THERE));
            assertArrayEquals(expected, sample(model, Device.cpu()));
            assertArrayEquals(expected, sample(model, THERE));
        }
    }

    private static float[] sample(PretrainedDenoiser model, Device rows) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).method(ParaTaa.defaults()).device(rows)
                .build()) {
            return sampler.sample(Request.seed(1)).values();
        }
    }

    /** Whoever calls takes fewer rows then; the host has no more for fewer. */
    @Test
    void tooLittleMemoryThereIsAnOutOfMemoryError() throws IOException {
        float[][] greedy = new float[1][6];
        Arrays.fill(greedy[0], 1e15f);
        try (PretrainedDenoiser model = load(new OnnxStandIn(THERE), greedy())) {
            assertEquals("model test: there is not enough memory", assertThrows(OutOfMemoryError.class,
                    () -> Predictions.of(model, greedy, List.of(LEVEL), Condition.none())).getMessage());
            assertEquals(1, Predictions.of(model, new float[1][6], List.of(LEVEL), Condition.none())[0][0]);
        }
        try (PretrainedDenoiser model = greedy().load(folder)) {
            assertEquals("model test fails: there is not enough memory", assertThrows(ModelException.class,
                    () -> Predictions.of(model, greedy, List.of(LEVEL), Condition.none())).getMessage());
        }
    }

    /** {@link TestGraph#plain} plus a half, for which it takes as many numbers as the largest value of x says, and one. */
    private static TestGraph greedy() {
        return TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").axes("axes", 1, 2)
                .node("Unsqueeze", "t3", "t", "axes").floats("one", 1).floats("half", 0.5f)
                .floats("thousandth", 0.001f).axes("flat", 1).node("ReduceMax", "most", "x")
                .node("Reshape", "number", "most", "flat").node("Abs", "count", "number")
                .node("Add", "more", "count", "one")
                .cast("size", "more", ElementType.INT64).node("Expand", "many", "half", "size")
                .node("ReduceMax", "again", "many").node("Squeeze", "half2", "again").node("Mul", "h", "x", "half")
                .node("Mul", "s", "t3", "thousandth").node("Add", "hs", "h", "s").node("Add", "y", "hs", "half2")
                .output("y", ElementType.FLOAT32, "n", 2, 3);
    }
}
