package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.paraflux.model.Condition;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs that are not what their card says, or do what no graph should: one sentence, with what is declared. */
class OnnxRefusalTest {
    private static final ElementType FLOAT = ElementType.FLOAT32;
    private static final NoiseLevel LEVEL = new NoiseLevel(500, 0.6, 0.8);

    @TempDir
    Path folder;

    private static TestGraph rows() {
        return TestGraph.ofRows().input("t", FLOAT, "n");
    }

    private static TestGraph of(TestGraph graph) {
        return graph.node("Identity", "y", "x").output("y", FLOAT, "n", 2, 3);
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                arguments(of(rows().input("z", FLOAT, "n")),
                        "card of model FILE: inputs [x, t]: must be the names of what"
                                + " the graph takes, x and t first: x float32 [n, 2, 3], t float32 [n], z float32 [n]"),
                arguments(of(TestGraph.ofRows()), "the graph takes, x and t first: x float32 [n, 2, 3]"),
                arguments(of(new TestGraph().input("x", FLOAT, "n", 2, 4).input("t", FLOAT, "n")),
                        "card of model FILE: shape [2, 3]: must be what the graph declares: x float32 [n, 2, 4]"),
                arguments(of(new TestGraph().input("x", FLOAT, "n", 6).input("t", FLOAT, "n")),
                        "shape [2, 3]: must be what the graph declares: x float32 [n, 6]"),
                arguments(of(new TestGraph().input("x", ElementType.INT64, "n", 2, 3).input("t", FLOAT, "n")),
                        "must be what the graph declares: x int64 [n, 2, 3]"),
                arguments(of(TestGraph.ofRows().input("t", ElementType.STRING, "n")),
                        "model FILE: must be a graph that takes a number as time, and not t string [n]"),
                arguments(rows().cast("y", "x", ElementType.INT64).output("y", ElementType.INT64, "n"),
                        "model FILE: must be a graph that answers a prediction first, float32 or float16, and not y int64"),
                arguments(rows().axes("s", -1, 6).node("Reshape", "y", "x", "s").output("y", FLOAT, "n", "m"),
                        "(shape [2, 3], inputs [x, t]): Invalid rank for output: y Got: 3 Expected: 2"),
                arguments(rows().axes("axes", 1).node("ReduceMean", "y", "x", "axes").output("y", FLOAT, "n", "a", "b"),
                        "Got invalid dimensions for output: y for the following indices index: 1 Got: 2 Expected: 1"),
                arguments(TestGraph.ofRows().input("t", FLOAT, "n", 2, 3).answering("t"),
                        "Got invalid dimensions for input: t for the following indices"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void graphsThatDoNotFitTheirCardAreRefusedAtLoad(TestGraph graph, String words) throws IOException {
        Path file = graph.write(folder);
        String message = assertThrows(IllegalArgumentException.class, () -> TestGraph.loaded(file)).getMessage();
        assertTrue(message.contains(words.replace("FILE", file.toString())), message);
        assertEquals(1, message.lines().count());
    }

    static Stream<Arguments> broken() {
        return Stream.of(arguments(rows().node("Frobnicate", "y", "x").output("y", FLOAT, "n"), "No Op registered for"),
                arguments(rows().node("Add", "y", "x", "z").output("y", FLOAT, "n"),
                        "Node input 'z' is not a graph input"),
                arguments(rows().node("Identity", "y", "x").output("q", FLOAT, "n"),
                        "Graph output (q) does not exist"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void graphsThatCannotBeRunAreRefusedAtLoad(TestGraph graph, String words) throws IOException {
        Path file = graph.write(folder);
        String message = assertThrows(IOException.class, () -> TestGraph.loaded(file)).getMessage();
        assertTrue(message.startsWith("model file " + file + " is not a graph that ONNX Runtime 1."), message);
        assertTrue(message.contains(" can run: ") && message.contains(words), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void labelsOfAnotherTypeOrNumberAreRefusedAtLoad() throws IOException {
        ModelInput label = TestGraph.label();
        Path fractions = TestGraph.labelled(FLOAT).write(folder);
        String message = assertThrows(IllegalArgumentException.class, () -> TestGraph.loaded(fractions, label))
                .getMessage();
        assertTrue(
                message.endsWith("inputs label \"int64 [rows]\": must be what the graph declares: label float32 [n]"),
                message);
        Path fewer = rows().input("label", ElementType.INT64, "n").floats("table", 1, 2, 3).axes("axes", 1, 2)
                .node("Gather", "l", "table", "label").node("Unsqueeze", "l3", "l", "axes").answering("l3")
                .write(folder);
        message = assertThrows(IllegalArgumentException.class, () -> TestGraph.loaded(fewer, label)).getMessage();
        assertTrue(message.contains("nullLabel 3: must be within what the model takes: it fails at label 3: ")
                && message.contains("idx=3 must be within the inclusive range"), message);
    }

    /** Rows are float32 whatever a graph answers, also where it answers its input. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT16", "BFLOAT16", "FLOAT64"})
    void predictionsOfAnyTypeArriveAsFloat32(ElementType type) throws IOException {
        TestGraph graph = new TestGraph().input("x", type, "n", 2, 3).input("t", FLOAT, "n").output("x", type, "n", 2,
                3);
        float[][] rows = {{1, -2, 3, -4, 5, 0.5f}, {6, 7, 8, 9, 10, 11}};
        try (PretrainedDenoiser model = graph.load(folder)) {
            for (int call = 0; call < 3; call++) {
                assertArrayEquals(rows, Predictions.of(model, rows, List.of(LEVEL, LEVEL), Condition.none()));
            }
        }
    }

    @Test
    void onlyTheFirstAnswerIsAskedFor() throws IOException {
        TestGraph two = TestGraph.plain().axes("flat", -1).node("Reshape", "other", "x", "flat").output("other", FLOAT,
                "m");
        try (PretrainedDenoiser model = two.load(folder)) {
            assertEquals(0.5f, Predictions.of(model, new float[1][6], List.of(LEVEL), Condition.none())[0][0], 1e-6f);
        }
    }

    /** It goes on afterwards. */
    @Test
    void aRunThatFailsIsToldInOnnxRuntimesWords() throws IOException {
        TestGraph graph = rows().floats("table", new float[600]).cast("w", "t", ElementType.INT64).axes("axes", 1, 2)
                .node("Gather", "g", "table", "w").node("Unsqueeze", "g3", "g", "axes").answering("g3");
        // What it is tried at is beyond the table: it is loaded as one that takes a row at a time.
        try (PretrainedDenoiser model = graph.load(folder)) {
            ModelException failure = assertThrows(ModelException.class, () -> Predictions.of(model, new float[1][6],
                    List.of(new NoiseLevel(900, 0.6, 0.8)), Condition.none()));
            assertTrue(failure.getMessage().startsWith("model test fails: ")
                    && failure.getMessage().contains("idx=900 must be within the inclusive range"),
                    failure.getMessage());
            assertEquals(0, Predictions.of(model, new float[1][6], List.of(LEVEL), Condition.none())[0][0]);
        }
    }

    @Test
    void filesThatAreDamagedSayWhere() throws IOException {
        byte[] good = TestGraph.plain().bytes();
        Path file = folder.resolve("test.onnx");
        for (int length : new int[] {3, 10, good.length / 2, good.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            String message = assertThrows(IOException.class,
                    () -> ModelFile.load(file, TestGraph.card(), LoadOptions.DEFAULT)).getMessage();
            assertTrue(message.startsWith("model file " + file + " is "), message);
            assertFalse(message.contains("null") || message.lines().count() > 1, message);
        }
    }
}
