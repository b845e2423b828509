package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX Runtime's own provider for CUDA, over a stand-in of CUDA that knows products of matrices alone: run by
 * {@code src/main/cpp/test/emulation/provider/run}, and skipped elsewhere.
 */
@Timeout(60)
class OnnxProviderTest {
    private static final String LOG = System.getenv("STAND_IN_LOG");
    private static final float[] MATRIX = {0.3f, -0.7f, 0.2f, 0.9f, 0.1f, -0.4f, -0.6f, 0.5f, 0.8f};

    @TempDir
    Path folder;

    private Device device;

    @BeforeEach
    void find() {
        assumeTrue(LOG != null, "there is no stand-in");
        device = CudaTests.device();
        OnnxLibrary.require();
        assertEquals("", OnnxCudaNeeds.here().refusal());
    }

    private PretrainedDenoiser load(Device where, TestGraph graph, ModelInput... inputs) throws IOException {
        return PretrainedDenoiser.load(new OnnxStandIn(where), graph.write(folder), TestGraph.card(inputs),
                LoadOptions.DEFAULT);
    }

    private static List<String> log() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(LOG));
        Files.delete(Path.of(LOG));
        return lines;
    }

    @Test
    void rowsOfTheHostAreBroughtAndPredictionsWrittenWhereTheyAreAskedFor() throws IOException {
        float[][] rows = new float[5][6];
        Random random = new Random(1);
        for (float[] row : rows) {
            for (int e = 0; e < row.length; e++) {
                row[e] = (float) random.nextGaussian();
            }
        }
        List<NoiseLevel> levels = Collections.nCopies(5, new NoiseLevel(500, 0.6, 0.8));
        try (PretrainedDenoiser there = load(device, TestGraph.ofRows().multiplied(MATRIX));
                PretrainedDenoiser here = load(Device.cpu(), TestGraph.ofRows().multiplied(MATRIX))) {
            there.prepare(5);
            log();
            float[][] found = Predictions.of(there, rows, levels, Condition.none());
            assertEquals(List.of("copy 120 from host to device", "product of 3 by 3 by 10 in mode 0",
                    "copy 120 from device to host", "wait"), log().stream().distinct().toList(),
                    "one call, without TF32");
            float[][] expected = Predictions.of(here, rows, levels, Condition.none());
            for (int i = 0; i < rows.length; i++) {
                assertArrayEquals(expected[i], found[i], 1e-6f);
            }
        }
    }

    @Test
    void samplersHaveTheirRowsOnEitherSide() throws IOException {
        try (PretrainedDenoiser there = load(device, TestGraph.ofRows().multiplied(MATRIX));
                PretrainedDenoiser here = load(Device.cpu(), TestGraph.ofRows().multiplied(MATRIX))) {
            float[] expected = sample(here, Device.cpu());
            float[] found = sample(there, Device.cpu());
            assertArrayEquals(found, sample(there, device));
            for (int e = 0; e < expected.length; e++) {
                assertEquals(expected[e], found[e], 1e-5f * Math.abs(expected[e]) + 1e-5f);
            }
        }
    }

    private static float[] sample(PretrainedDenoiser model, Device rows) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).method(ParaTaa.defaults()).device(rows)
                .build()) {
            return sampler.sample(Request.seed(1)).values();
        }
    }

    @Test
    void aTimeLimitEndsTheCallUnderWayAndTheNextIsRight() throws IOException {
        ModelInput turns = new ModelInput("turns", ModelInput.Type.INT64, List.of(), 0, OptionalInt.empty());
        try (PretrainedDenoiser model = load(device, TestGraph.turning(), turns)) {
            for (Device rows : List.of(Device.cpu(), device)) {
                try (Sampler sampler = Sampler.builder(model, TestGrids.linear(3)).device(rows).build()) {
                    float[] expected = sampler.sample(turning(2)).values();
                    assertEquals(Status.DEADLINE_PASSED, sampler.sample(List.of(turning(1L << 50)),
                            RunOptions.defaults().withTimeout(Duration.ofMillis(100))).get(0).status());
                    assertArrayEquals(expected, sampler.sample(turning(2)).values());
                }
            }
        }
    }

    private static Request turning(long turns) {
        return Request.seed(1).withCondition(Condition.tensors(Map.of("turns", TensorValue.of(new long[] {turns}))));
    }

    /** A convolution the stand-in has not: a device that cannot do it is refused before a model is read. */
    @Test
    void whatTheDeviceCannotDoIsNoFaultOfAFile() {
        String message = assertThrows(IllegalValueException.class, () -> new OnnxBackend().load(Path.of("nowhere.onnx"),
                TestGraph.card(), LoadOptions.DEFAULT.withDevice(device))).getMessage();
        assertTrue(message.startsWith("device " + device + ": must be the CPU, for ONNX Runtime ")
                && message.contains(" fails: ") && message.contains("cuDNN is unavailable"), message);
        assertEquals(1, message.lines().count());
    }
}
