package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A round is one run of the graph, however its file takes times; where that cannot be, rows of one time go together. */
class OnnxTimesTest {
    private static final int STEPS = 20;

    @TempDir
    Path folder;

    private final CountedBackend backend = new CountedBackend();

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio_scalar_time", "audio_dynamo_scalar_time", "audio_one_time",
            "audio_fixed_one_time", "audio_embedded_time", "audio_half_rows"})
    void roundsAreRunsHoweverAFileTakesTimes(String name) throws IOException {
        Path file = TinyNetwork.of("audio").file(".onnx").resolveSibling(name + ".onnx");
        ModelCard card = ModelCard.read(ModelCard.beside(file));
        try (PretrainedDenoiser model = PretrainedDenoiser.load(backend, file, card, LoadOptions.DEFAULT)) {
            model.setReplicas(1);
            try (Sampler sampler = Sampler.builder(model, card.scheduler().grid(STEPS)).build()) {
                for (Method method : List.of(Picard.defaults(), Srds.defaults())) {
                    backend.runs.set(0);
                    Request request = Request.seed(1).withMethod(method).withLabel(2);
                    int rounds = sampler.sample(List.of(request)).get(0).stats().rounds();
                    assertEquals(rounds, backend.runs.get(), name);
                }
            }
        }
    }

    @Test
    void aGraphThatTakesOneTimeAtATimeIsGivenTheRowsOfEach() throws IOException {
        assertOneTime(TestGraph.ofOneTime());
    }

    /** Its declaration says otherwise. */
    @Test
    void aGraphThatTakesTheMeanOfItsTimesIsFoundOut() throws IOException {
        assertOneTime(TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").node("ReduceMean", "mean", "t")
                .answering("mean"));
    }

    /** All must be the same, and as many as there are rows. */
    @Test
    void aGraphThatLooksAtItsFirstTimeAloneIsFoundOut() throws IOException {
        assertOneTime(TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").axes("first", 0).axes("axes", 1, 2)
                .node("Gather", "t0", "t", "first").node("Unsqueeze", "t3", "t0", "axes").answering("t3"));
    }

    private void assertOneTime(TestGraph graph) throws IOException {
        try (PretrainedDenoiser model = PretrainedDenoiser.load(backend, graph.write(folder), TestGraph.card(),
                LoadOptions.DEFAULT)) {
            assertTrue(model.batching().oneTime());
            model.setReplicas(1);
            backend.runs.set(0);
            assertTimes(model, 10, 700.25, 10, 300);
            assertEquals(3, backend.runs.get());
        }
    }

    private static void assertTimes(PretrainedDenoiser model, double... times) {
        float[][] rows = Predictions.rows(times.length, 6, 1);
        List<NoiseLevel> levels = java.util.Arrays.stream(times).mapToObj(t -> new NoiseLevel(t, 0.6, 0.8)).toList();
        float[][] found = Predictions.of(model, rows, levels, Condition.none());
        for (int i = 0; i < times.length; i++) {
            for (int e = 0; e < 6; e++) {
                assertEquals(0.5 * rows[i][e] + 0.001 * times[i], found[i][e], 1e-5);
            }
        }
    }

    /** The graph turns them into fractions itself, so that they need not be whole before. */
    @ParameterizedTest
    @ValueSource(strings = {"INT64", "INT32", "FLOAT16", "FLOAT64"})
    void timesOfOtherTypesMayHaveFractionsWhereTheGraphCastsThem(String type) throws IOException {
        TestGraph graph = TestGraph.ofRows().input("t", ElementType.valueOf(type), "n").axes("axes", 1, 2)
                .node("Unsqueeze", "t3", "t", "axes").cast("f", "t3", ElementType.FLOAT32).answering("f");
        try (PretrainedDenoiser model = graph.load(folder)) {
            model.requireLegal(new NoiseLevel(916.28, 0.6, 0.8));
            assertTimes(model, 916.25, 3, 0.5);
        }
    }

    @Test
    void timesThatATableIsReadAtHaveToBeWhole() throws IOException {
        float[] table = new float[1000];
        for (int t = 0; t < table.length; t++) {
            table[t] = t;
        }
        TestGraph graph = TestGraph.ofRows().input("t", ElementType.INT64, "n").floats("table", table)
                .axes("axes", 1, 2)
                .node("Gather", "f", "table", "t").node("Unsqueeze", "t3", "f", "axes").answering("t3");
        assertWhole(graph);
    }

    @Test
    void timesThatAGraphRoundsHaveToBeWhole() throws IOException {
        assertWhole(TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").axes("axes", 1, 2)
                .cast("w", "t", ElementType.INT64).cast("f", "w", ElementType.FLOAT32)
                .node("Unsqueeze", "t3", "f", "axes").answering("t3"));
    }

    private void assertWhole(TestGraph graph) throws IOException {
        try (PretrainedDenoiser model = graph.load(folder)) {
            assertTimes(model, 916, 3, 0);
            String message = assertThrows(IllegalArgumentException.class,
                    () -> model.requireLegal(new NoiseLevel(916.28, 0.6, 0.8))).getMessage();
            assertTrue(message.startsWith("time 916.28: must be a whole training step, for model test"), message);
        }
    }

    /** A batch of one needs no time of each row. */
    @Test
    void aGraphOfOneRowIsGivenOneRowAtATime() throws IOException {
        TestGraph graph = new TestGraph().input("x", ElementType.FLOAT32, 1, 2, 3).input("t", ElementType.INT64)
                .cast("f", "t", ElementType.FLOAT32).answering("f");
        try (PretrainedDenoiser model = graph.load(folder)) {
            assertEquals(1, model.batching().most());
            assertTimes(model, 10, 700.5, 300);
        }
    }

    /** It does not say that it takes one row alone. */
    @Test
    void aGraphThatHasTheSizeOfOneRowWrittenInItIsGivenOneRowAtATime() throws IOException {
        TestGraph graph = TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").axes("one", 1, 2, 3)
                .axes("axes", 1, 2)
                .node("Reshape", "r", "x", "one").floats("half", 0.5f).floats("thousandth", 0.001f)
                .node("Unsqueeze", "t3", "t", "axes").node("Mul", "h", "r", "half").node("Mul", "s", "t3", "thousandth")
                .node("Add", "y", "h", "s").output("y", ElementType.FLOAT32, "n", 2, 3);
        try (PretrainedDenoiser model = graph.load(folder)) {
            assertEquals(1, model.batching().most());
            assertTimes(model, 10, 700.5, 300);
        }
    }

    @Test
    void conditionsOfAnyTypeGoWithTimesOfAnyForm() throws IOException {
        ModelInput label = TestGraph.label();
        try (PretrainedDenoiser model = TestGraph.labelled(ElementType.INT32).load(folder, label)) {
            float[][] found = Predictions.of(model, new float[1][6], List.of(new NoiseLevel(500, 0.6, 0.8)),
                    Condition.label(2));
            assertEquals(2.5, found[0][0], 1e-6);
        }
    }
}
