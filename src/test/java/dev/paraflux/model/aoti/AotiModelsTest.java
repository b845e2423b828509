package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.Reason;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Precision;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compiled packages that run. */
@Timeout(120)
class AotiModelsTest {
    private static final int DIM = TestPackages.DIM;
    /** What sums in another order come to, of values up to 2. */
    private static final float AGREEMENT = 2e-6f;

    @TempDir
    Path folder;

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    private static NoiseLevel at(double time) {
        return new NoiseLevel(time, 0.6, 0.8);
    }

    /** Three rows, as PyTorch evaluates them. */
    @Test
    void predictionsArePyTorchs() throws IOException {
        float[][] states = new float[3][DIM];
        for (int i = 0; i < 3 * DIM; i++) {
            states[i / DIM][i % DIM] = (float) (-1 + 2.0 * i / (3 * DIM - 1));
        }
        FloatBuffer values = ByteBuffer.wrap(TestPackages.resource("tiny.expected").readAllBytes())
                .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[][] expected = new float[3][DIM];
        for (float[] row : expected) {
            values.get(row);
        }
        // The null label is 3.
        List<Conditioning> asked = List.of(Conditioning.of(Condition.label(0)), Conditioning.of(Condition.label(2)),
                Conditioning.of(Condition.none()));
        try (PretrainedDenoiser model = TestPackages.load(TestPackages.tiny(folder))) {
            float[][] found = Predictions.of(model, states, List.of(at(0), at(250.5), at(999)), asked);
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(expected[i], found[i], AGREEMENT);
            }
        }
    }

    @Test
    void theRangeOfRowsIsFoundByAsking() throws IOException {
        try (PretrainedDenoiser tiny = TestPackages.load(TestPackages.tiny(folder));
                PretrainedDenoiser odd = TestPackages.load(TestPackages.odd(folder))) {
            Batching wide = tiny.batching();
            assertEquals(List.of(1, 1024), List.of(wide.least(), wide.most()));
            Batching narrow = odd.batching();
            assertEquals(List.of(2, 15), List.of(narrow.least(), narrow.most()));
        }
    }

    /** What PyTorch 2.12 and earlier compiled does not: it is tried on a few rows. */
    @Test
    void packagesThatTellNoReasonTakeFewRows() throws IOException {
        Path silent = TestPackages.withOther(TestPackages.tiny(folder), folder.resolve("silent.pt2"),
                "AOTInductorGetLastError", "AOTInductorGetNoWords_0");
        try (PretrainedDenoiser model = ModelFile.load(silent, TestPackages.card(folder.resolve("tiny.pt2")),
                LoadOptions.DEFAULT)) {
            assertEquals(List.of(1, 64), List.of(model.batching().least(), model.batching().most()));
            assertEquals(200, Predictions.of(model, new float[200][DIM], Collections.nCopies(200, at(3)),
                    Condition.none()).length);
        }
    }

    /** 1 row is padded, 40 and more are cut. */
    @Test
    void anyNumberOfRowsIsEvaluated() throws IOException {
        try (PretrainedDenoiser model = TestPackages.load(TestPackages.odd(folder))) {
            for (int rows : new int[] {1, 2, 15, 16, 17, 40, 100}) {
                float[][] states = Predictions.rows(rows, DIM, 1);
                List<NoiseLevel> levels = IntStream.range(0, rows).mapToObj(i -> at(10 * i)).toList();
                float[][] together = Predictions.of(model, states, levels, Condition.label(1));
                float[][] first = Predictions.of(model, new float[][] {states[0]}, levels.subList(0, 1),
                        Condition.label(1));
                assertArrayEquals(first[0], together[0], 0.02f, rows + " rows");
                // t / 1000 is added.
                float[][] later = Predictions.of(model, states, levels.stream().map(l -> at(l.time() + 500)).toList(),
                        Condition.label(1));
                assertEquals(0.5f, later[rows - 1][7] - together[rows - 1][7], 1e-5f);
            }
        }
    }

    @Test
    void thePrecisionIsTheFilesAndNoOther() throws IOException {
        Path odd = TestPackages.odd(folder);
        try (PretrainedDenoiser model = ModelFile.load(odd, LoadOptions.DEFAULT.withPrecision(Precision.BFLOAT16))) {
            assertEquals(Precision.BFLOAT16, model.precision());
        }
        String message = assertThrows(IllegalArgumentException.class,
                () -> ModelFile.load(odd, LoadOptions.DEFAULT.withPrecision(Precision.FLOAT16))).getMessage();
        assertTrue(message.startsWith("precision float16: must be bfloat16, which model " + odd), message);
        Path said = TestPackages.withMetadata(TestPackages.tiny(folder), folder.resolve("said.pt2"),
                "{\"AOTI_DEVICE_KEY\": \"cpu\", \"AOTI_MACHINE\": \"x86_64\", \"AOTI_CPU_ISA\": \"AVX2\","
                        + " \"PARAFLUX_PRECISION\": \"float16\", \"PARAFLUX_PROCESSOR\": \"avx2 fma\"}");
        try (PretrainedDenoiser model = ModelFile.load(said, TestPackages.card(odd), LoadOptions.DEFAULT)) {
            assertEquals(Precision.FLOAT16, model.precision());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    [1, 8, 9] | ["x", "t", "label"] | "labels": 4, | its input x: unmatched dim value at 3, expected: 8, but got: 9
                    [1, 8]    | ["x", "t", "label"] | "labels": 4, | its input x
                    [1, 8, 8] | ["x", "t"]          |              | input
                    [1, 8, 8] | ["x", "t", {"name": "y"}] |        | its input y: unmatched dtype
                    [1, 8, 8] | ["x", "t", "label", {"name": "z"}] | "labels": 4, | input
                    [1, 8, 8] | ["x", "t", "label"] | "labels": 9, "nullLabel": 8, | labels 9: must be within what the model takes
                    """)
    void whatACardSaysOtherwiseIsToldAtLoad(String shape, String inputs, String more, String words)
            throws IOException {
        Path file = TestPackages.tiny(folder);
        Files.writeString(ModelCard.beside(file), TestPackages.card(shape, inputs, more == null ? "" : more));
        String message = Reason.of(assertThrows(IllegalArgumentException.class, () -> ModelFile.load(file)));
        assertTrue(message.contains(words) && message.contains(file.toString()), message);
        assertEquals(1, message.lines().count(), message);
        assertFalse(message.contains("input_handles"), message);
    }

    /** Bits go by the parts, which are the same whoever calls. */
    @Test
    void threadsThatCallAtTheSameTimeGetWhatOneGets() throws Exception {
        float[][] states = Predictions.rows(9, DIM, 1);
        List<NoiseLevel> levels = Collections.nCopies(9, at(400));
        try (PretrainedDenoiser model = TestPackages.load(TestPackages.tiny(folder))) {
            model.setReplicas(4);
            float[][] expected = Predictions.of(model, states, levels, Condition.label(2));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> callers = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                callers.add(new Thread(() -> {
                    try {
                        for (int call = 0; call < 50; call++) {
                            assertArrayEquals(expected, Predictions.of(model, states, levels, Condition.label(2)));
                        }
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                }));
            }
            callers.forEach(Thread::start);
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(null, failure.get());
        }
    }

    /** Several of one file, closed in another order than they were loaded in. */
    @Test
    void modelsOfOneFileAreIndependent() throws IOException {
        Path file = TestPackages.tiny(folder);
        float[][] states = Predictions.rows(2, DIM, 1);
        List<NoiseLevel> levels = List.of(at(1), at(2));
        PretrainedDenoiser first = TestPackages.load(file);
        try (PretrainedDenoiser second = TestPackages.load(file)) {
            float[][] expected = Predictions.of(first, states, levels, Condition.none());
            first.close();
            assertArrayEquals(expected, Predictions.of(second, states, levels, Condition.none()));
        }
    }
}
