package dev.paraflux.model.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.io.Npy;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedNetwork;
import dev.paraflux.model.torch.TestModules;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Model files as networks: named tensors in, named tensors out. */
class ModelNetworkTest {
    private static final List<String> INPUTS = List.of("x", "t", "encoder_hidden_states", "text_embeds", "time_ids");

    @TempDir
    Path folder;

    private static Path path(String name) {
        try {
            return Path.of(ModelNetworkTest.class.getResource("/dev/paraflux/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static PretrainedNetwork load(String name) throws IOException {
        return ModelFile.network(path(name), LoadOptions.DEFAULT);
    }

    private static TensorValue array(String name) throws IOException {
        Npy array = Npy.read(path("model/networks/" + name + ".npy"));
        return TensorValue.of(array.toFloats(), array.shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"picture.onnx", "picture.pt"})
    void everyInputGoesByItsName(String file) throws IOException {
        try (PretrainedNetwork network = load("model/networks/" + file)) {
            assertEquals(Set.copyOf(INPUTS), Set.copyOf(network.inputs()));
            Map<String, TensorValue> given = new LinkedHashMap<>();
            for (String name : INPUTS) {
                given.put(name, array("picture." + name));
            }
            TensorValue answer = network.run(given).values().iterator().next();
            assertArrayEquals(array("picture.expected").shape(), answer.shape());
            assertArrayEquals(array("picture.expected").floats(), answer.floats(), 1e-5f);
        }
    }

    @Test
    void halvesAndShortWholesAreTurnedIntoWhatAGraphTakes() throws IOException {
        try (PretrainedNetwork halves = load("model/networks/audio_half_rows.onnx");
                PretrainedNetwork shorts = load("model/networks/audio_int32_label.onnx")) {
            TensorValue x = array("audio.x");
            long[] labels = Npy.read(path("model/networks/audio.label.npy")).toLongs();
            TensorValue classes = TensorValue.of(labels, labels.length);
            float[] expected = array("audio.expected_at_500").floats();
            for (PretrainedNetwork network : List.of(halves, shorts)) {
                float[] times = new float[labels.length];
                Arrays.fill(times, 500);
                TensorValue time = network == halves ? TensorValue.of(new long[] {500})
                        : TensorValue.of(times, times.length);
                float[] answer = network.run(Map.of("sample", x, "timestep", time, "class_labels", classes)).values()
                        .iterator().next().floats();
                assertArrayEquals(expected, answer, network == halves ? 3e-3f : 1e-5f);
            }
            labels[0] = 1L << 32;
            String message = assertThrows(ModelException.class, () -> shorts.run(Map.of("sample", x, "timestep",
                    TensorValue.of(new float[labels.length], labels.length), "class_labels",
                    TensorValue.of(labels, labels.length)))).getMessage();
            assertTrue(message.endsWith("fails: it takes class_labels as int32, and is given 4294967296"), message);
        }
    }

    @Test
    void aDictAnswersByItsNames() throws IOException {
        try (PretrainedNetwork network = load("pipeline/named.pt")) {
            assertEquals(List.of("input_ids", "scale"), network.inputs());
            Map<String, TensorValue> answers = network
                    .run(Map.of("input_ids", TensorValue.of(new long[] {1, 2, 3}, 1, 3),
                            "scale", TensorValue.of(new float[] {1, 10}, 2)));
            assertEquals(List.of("last_hidden_state", "pooler_output"), List.copyOf(answers.keySet()));
            assertArrayEquals(new float[] {1, 10, 2, 20, 3, 30}, answers.get("last_hidden_state").floats());
            assertArrayEquals(new int[] {1, 3, 2}, answers.get("last_hidden_state").shape());
            assertArrayEquals(new float[] {6, 60}, answers.get("pooler_output").floats());
        }
    }

    @Test
    void aTupleAnswersByNumbers() throws IOException {
        try (PretrainedNetwork network = load("pipeline/several.pt")) {
            Map<String, TensorValue> answers = network
                    .run(Map.of("input_ids", TensorValue.of(new long[] {1, 2}, 2)));
            assertEquals(List.of("0", "1"), List.copyOf(answers.keySet()));
            assertArrayEquals(new float[] {0.25f, 0.5f}, answers.get("0").floats());
            assertArrayEquals(new float[] {1, 0.5f}, answers.get("1").floats());
        }
    }

    @Test
    void whatFailsIsASentence() throws IOException {
        try (PretrainedNetwork network = load("pipeline/several.pt");
                PretrainedNetwork graph = load("model/networks/vector.onnx")) {
            assertFails(network, "several.pt: its output 1 is not finite", TensorValue.of(new long[] {0}, 1));
            assertFails(network, "several.pt fails: ids end at 9", TensorValue.of(new long[] {10}, 1));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> network.run(Map.of())).getMessage()
                    .contains("several.pt []: must be [input_ids]"));
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> network.run(Map.of("ids", TensorValue.of(new long[] {1}, 1)))).getMessage()
                    .contains("several.pt \"ids\": must be input_ids"));
            ModelException wrong = assertThrows(ModelException.class, () -> graph.run(Map.of("x",
                    TensorValue.of(new long[6], 1, 6), "t", TensorValue.of(new float[1], 1))));
            assertTrue(wrong.getMessage().contains("vector.onnx fails: it takes x as"), wrong.getMessage());
            assertThrows(ModelException.class, () -> graph.run(Map.of("x", TensorValue.of(new float[7], 1, 7), "t",
                    TensorValue.of(new float[1], 1))));
        }
    }

    private static void assertFails(PretrainedNetwork network, String words, TensorValue ids) {
        ModelException failure = assertThrows(ModelException.class, () -> network.run(Map.of("input_ids", ids)));
        assertTrue(failure.getMessage().contains(words), failure.getMessage());
    }

    @Test
    void whatIsNoNetworkIsRefused() throws IOException {
        for (String name : List.of("model/networks/picture.onnx", "model/networks/picture.pt")) {
            byte[] bytes = Files.readAllBytes(path(name));
            Path half = Files.write(folder.resolve(name.substring(name.lastIndexOf('/') + 1)),
                    Arrays.copyOf(bytes, bytes.length / 2));
            assertTrue(assertThrows(IOException.class, () -> ModelFile.network(half, LoadOptions.DEFAULT)).getMessage()
                    .contains(half.toString()));
        }
        assertTrue(assertThrows(IOException.class,
                () -> ModelFile.network(path("model/aoti/tiny.pt2"), LoadOptions.DEFAULT)).getMessage()
                .contains("tiny.pt2 is one of aotinductor, which runs denoisers alone here: export this part"));
        assertThrows(IOException.class, () -> ModelFile.network(folder.resolve("none.onnx"), LoadOptions.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            return x[:0]                                    | empty.pt: its output 0 has the shape [0, 2], and must have
            return torch.zeros([1]).expand([3000000000])    | its output 0 has the shape [3000000000], and must have
            return x / 0                                    | its output 0 is not finite
            return x.to_sparse()                            | fails:
            """)
    void whatNoNetworkShouldAnswerIsASentence(String body, String words) throws IOException {
        Path file = TestModules.write(folder, "empty", "def forward(self, x):\n    " + body, "{}");
        try (PretrainedNetwork network = ModelFile.network(file, LoadOptions.DEFAULT)) {
            ModelException failure = assertThrows(ModelException.class,
                    () -> network.run(Map.of("x", TensorValue.of(new float[] {1, 2, 3, 0}, 2, 2))));
            assertTrue(failure.getMessage().contains(words), failure.getMessage());
            assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        }
    }

    @Test
    void aListAnswersByNumbersAndWhatAreNoNumbersIsLeftOut() throws IOException {
        Path list = TestModules.write(folder, "list", "def forward(self, x):\n    return [x, x + 1]", "{}");
        Path none = TestModules.write(folder, "none",
                "def forward(self, x):\n    return (torch.complex(x, x), x > 1, None)",
                "{}");
        Map<String, TensorValue> given = Map.of("x", TensorValue.of(new float[] {1, 2}, 2));
        try (PretrainedNetwork two = ModelFile.network(list, LoadOptions.DEFAULT);
                PretrainedNetwork nothing = ModelFile.network(none, LoadOptions.DEFAULT)) {
            assertArrayEquals(new float[] {2, 3}, two.run(given).get("1").floats());
            assertEquals(Map.of(), nothing.run(given));
        }
        Path forwardless = TestModules.write(folder, "run", "def run(self, x):\n    return x", "{}");
        assertTrue(assertThrows(IOException.class, () -> ModelFile.network(forwardless, LoadOptions.DEFAULT))
                .getMessage().endsWith("Method 'forward' is not defined."));
    }

    @Test
    void aClosedNetworkRunsNoMore() throws IOException {
        PretrainedNetwork network = load("pipeline/several.pt");
        network.close();
        network.close();
        assertThrows(IllegalStateException.class,
                () -> network.run(Map.of("input_ids", TensorValue.of(new long[] {1}, 1))));
    }
}
