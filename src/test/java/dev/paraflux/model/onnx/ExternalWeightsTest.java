package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights beside a graph: read from its own folder alone, and named where something is wrong with them. */
class ExternalWeightsTest {
    /** More than are taken into the graph. */
    private static final int MANY = 3000;

    @TempDir
    Path top;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(top.resolve("model"));
    }

    /** x + the sum of weights, which are 1 each. */
    private static TestGraph graph(int count, Map<String, String> place) {
        return TestGraph.ofRows().input("t", ElementType.FLOAT32, "n").elsewhere("w", count, new TreeMap<>(place))
                .node("ReduceSum", "sum", "w").node("Add", "y", "x", "sum").output("y", ElementType.FLOAT32, "n", 2, 3);
    }

    private static Path weights(Path file, int before, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(before + Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(before);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(1);
        }
        return Files.write(file, bytes.array());
    }

    private static void assertSum(int count, Path file) throws IOException {
        try (PretrainedDenoiser model = TestGraph.loaded(file)) {
            float[][] found = Predictions.of(model, new float[1][6], List.of(new NoiseLevel(5, 0.6, 0.8)),
                    Condition.none());
            assertEquals(count, found[0][5]);
            assertEquals(model.identity().model().settings().get("sha256"), ModelFile.sha256(file));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, MANY})
    void weightsLieAnywhereInAFile(int count) throws IOException {
        weights(folder.resolve("w.bin"), 24, count);
        assertSum(count, graph(count, Map.of("location", "w.bin", "offset", "24", "length", "" + 4 * count))
                .write(folder));
    }

    @Test
    void theyMayLieInAFolderOfTheModels() throws IOException {
        weights(Files.createDirectory(folder.resolve("parts")).resolve("w.bin"), 0, MANY);
        assertSum(MANY, graph(MANY, Map.of("location", "parts/w.bin")).write(folder));
    }

    /** As a cache of downloads has it: links in one folder to files of other names in another. */
    @Test
    void bothMayBeLinksIntoOneOtherFolder() throws IOException {
        Path blobs = Files.createDirectory(top.resolve("blobs"));
        Files.createSymbolicLink(folder.resolve("w.bin"), weights(blobs.resolve("c0ffee"), 0, MANY));
        Path graph = Files.move(graph(MANY, Map.of("location", "w.bin")).write(folder), blobs.resolve("7e57"));
        assertSum(MANY, Files.createSymbolicLink(folder.resolve("test.onnx"), graph));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    location=w.bin                      | lie in FOLDER/w.bin, which does not exist or is no file: download it too
                    location=../secret.bin              | lie in "../secret.bin", outside of the model's folder
                    location=a/../../secret.bin         | lie in "a/../../secret.bin", outside of the model's folder
                    location=/etc/passwd                | lie in "/etc/passwd", outside of the model's folder
                    location=link.bin                   | is a link to TOP/secret.bin, outside of the model's folder
                    location=.                          | lie in ".", outside of the model's folder
                    offset=0                            | lie in "", outside of the model's folder
                    location=short.bin;length=24        | lie in FOLDER/short.bin from byte 0 on, 24 bytes, and it has 20
                    location=short.bin;length=8;offset=16 | from byte 16 on, 8 bytes, and it has 20
                    location=short.bin;offset=-4        | have the offset -4, and not 0 or more
                    location=short.bin;length=many      | have the length "many", which is no number
                    location=short.bin;offset=9223372036854775807;length=9223372036854775807 | and it has 20
                    """)
    void whatIsWrongWithThemIsTold(String entries, String words) throws IOException {
        weights(top.resolve("secret.bin"), 0, 6);
        weights(folder.resolve("short.bin"), 0, 5);
        Files.createSymbolicLink(folder.resolve("link.bin"), top.resolve("secret.bin"));
        Map<String, String> place = new TreeMap<>();
        for (String entry : entries.split(";")) {
            place.put(entry.split("=")[0], entry.split("=")[1]);
        }
        Path file = graph(6, place).write(folder);
        String message = assertThrows(IOException.class, () -> TestGraph.loaded(file)).getMessage();
        assertTrue(message.startsWith("weights w of model file " + file + " "), message);
        assertTrue(message.contains(words.replace("FOLDER", folder.toString()).replace("TOP", top.toString())),
                message);
        assertEquals(1, message.lines().count());
    }

    /** Fewer than the tensor has: ONNX Runtime itself counts. */
    @Test
    void weightsThatAreTooFewAreRefused() throws IOException {
        weights(folder.resolve("w.bin"), 0, 5);
        Path file = graph(6, Map.of("location", "w.bin")).write(folder);
        assertTrue(assertThrows(IOException.class, () -> TestGraph.loaded(file)).getMessage()
                .startsWith("model file " + file + " is not a graph that ONNX Runtime"));
    }
}
