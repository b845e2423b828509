package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.Npy;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Precision;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What exporters write of networks, held to what PyTorch makes of them. */
class OnnxNetworksTest {
    static final List<String> NAMES = TinyNetwork.NAMES;
    private static final float EXACT = 1e-6f;

    @TempDir
    Path folder;

    private static void assertClose(float[][] expected, float[][] found, float tolerance) {
        for (int row = 0; row < expected.length; row++) {
            assertArrayEquals(expected[row], found[row], tolerance, "row " + row);
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void networksAnswerWhatPyTorchDoes(String name) throws IOException {
        TinyNetwork network = TinyNetwork.of(name);
        try (PretrainedDenoiser model = ModelFile.load(network.file(".onnx"))) {
            assertClose(network.expected(), network.evaluate(model, network.conditions()), EXACT);
            assertTrue(model.runtime().startsWith("ONNX Runtime 1."), model.runtime());
            assertEquals(Precision.FLOAT32, model.precision());
        }
    }

    /** Rows at times of their own, and at one, whatever the file declares: int64 or float16, one or one a row. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            audio-fp16,               3e-4, float16
            audio_half_rows,          7e-4, float16
            audio_scalar_time,        1e-6, float32
            audio_dynamo_scalar_time, 1e-6, float32
            audio_one_time,           1e-6, float32
            audio_fixed_one_time,     1e-6, float32
            audio_embedded_time,      1e-6, float32
            audio_int32_label,        1e-6, float32
            audio_fixed_batch,        1e-6, float32
            """)
    void otherExportsAnswerTheSame(String name, float tolerance, String precision) throws IOException {
        TinyNetwork audio = TinyNetwork.of("audio");
        Path file = audio.file(".onnx").resolveSibling(name + ".onnx");
        float[] at500 = Npy.read(audio.file(".expected_at_500.npy")).toFloats();
        float[][] expected = new float[audio.expected().length][];
        Arrays.setAll(expected, row -> Arrays.copyOfRange(at500, row * 64, (row + 1) * 64));
        float[] times = new float[expected.length];
        Arrays.fill(times, 500);
        try (PretrainedDenoiser model = ModelFile.load(file)) {
            List<Condition> labels = labels(audio);
            TinyNetwork alike = new TinyNetwork(name, model.card(), audio.states(), times, labels, expected);
            assertClose(expected, alike.evaluate(model, labels), tolerance);
            assertClose(audio.expected(), audio.evaluate(model, labels), tolerance);
            assertEquals(precision, model.precision().toString());
            assertFalse(model.batching().oneTime());
        }
    }

    private static List<Condition> labels(TinyNetwork audio) throws IOException {
        List<Condition> labels = new ArrayList<>();
        for (long label : Npy.read(audio.file(".label.npy")).toLongs()) {
            labels.add(label == 4 ? Condition.none() : Condition.label((int) label));
        }
        return labels;
    }

    @Test
    void weightsMayLieInAnotherFileWhichTheDigestCounts() throws IOException {
        TinyNetwork actions = TinyNetwork.of("actions");
        for (String name : List.of("actions_external.onnx", "actions_external.json", "actions_external.onnx.data")) {
            Files.copy(actions.file(".onnx").resolveSibling(name), folder.resolve(name));
        }
        Path data = folder.resolve("actions_external.onnx.data");
        String identity;
        try (PretrainedDenoiser model = ModelFile.load(folder.resolve("actions_external.onnx"))) {
            assertClose(actions.expected(), actions.evaluate(model, actions.conditions()), EXACT);
            identity = model.identity().toString();
        }
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length - 2] ^= 1;
        Files.write(data, bytes);
        try (PretrainedDenoiser model = ModelFile.load(folder.resolve("actions_external.onnx"))) {
            assertFalse(identity.equals(model.identity().toString()), identity);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            audio.onnx,      bfloat16, float32
            audio-fp16.onnx, float32,  float16
            """)
    void anotherPrecisionThanTheFilesIsRefused(String name, String asked, String found) {
        Path file = TinyNetwork.of("audio").file(".onnx").resolveSibling(name);
        LoadOptions options = LoadOptions.DEFAULT
                .withPrecision(Precision.valueOf(asked.toUpperCase(java.util.Locale.ROOT)));
        String message = assertThrows(IllegalValueException.class, () -> ModelFile.load(file, options)).getMessage();
        assertTrue(message.startsWith("precision " + asked + ": must be " + found + ", which the graph of "), message);
        assertTrue(message.endsWith("export the model in " + asked + " (tools/README.md)"), message);
    }

    @Test
    void itsOwnPrecisionAndThreadsMayBeAskedFor() throws IOException {
        TinyNetwork audio = TinyNetwork.of("audio");
        try (PretrainedDenoiser model = ModelFile.load(audio.file(".onnx"),
                LoadOptions.DEFAULT.withThreads(2).withPrecision(Precision.FLOAT32))) {
            assertClose(audio.expected(), audio.evaluate(model, audio.conditions()), EXACT);
        }
    }
}
