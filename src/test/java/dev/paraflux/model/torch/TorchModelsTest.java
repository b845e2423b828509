package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchModelsTest {
    private static final int DIM = 30;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 13, 17, 33, 64, 65})
    void everyRowOfAnyBatchGetsItsOwnTime(int rows) throws IOException {
        float[][] states = random(rows);
        try (PretrainedDenoiser denoiser = ModelFile.load(TestModules.plain(folder))) {
            float[][] predictions = evaluate(denoiser, states, i -> Condition.none());
            for (int i = 0; i < rows; i++) {
                for (int e = 0; e < DIM; e++) {
                    assertEquals(0.5f * states[i][e] + 0.001f * time(i), predictions[i][e], 1e-6f);
                }
            }
        }
    }

    @Test
    void everyRowGetsItsOwnLabelAndNoConditionIsTheNullLabel() throws IOException {
        float[][] states = random(9);
        try (PretrainedDenoiser denoiser = ModelFile.load(TestModules.labelled(folder))) {
            float[][] predictions = evaluate(denoiser, states,
                    i -> i % 4 == 3 ? Condition.none() : Condition.label(i % 4));
            for (int i = 0; i < states.length; i++) {
                assertEquals(states[i][7] + i % 4, predictions[i][7], 1e-6f);
            }
        }
    }

    @Test
    void everyRowGetsItsOwnEmbedding() throws IOException {
        float[][] states = random(3);
        Condition[] embeddings = new Condition[3];
        for (int i = 0; i < 3; i++) {
            float[] values = new float[8];
            values[6] = 10 * i;
            embeddings[i] = new Condition.Embedding(values, 2, 4);
        }
        try (PretrainedDenoiser denoiser = ModelFile.load(TestModules.embedded(folder))) {
            assertEquals(Prediction.VELOCITY, denoiser.prediction());
            for (int shift = 0; shift < 3; shift++) {
                int by = shift;
                float[][] predictions = evaluate(denoiser, states, i -> embeddings[(i + by) % 3]);
                for (int i = 0; i < 3; i++) {
                    assertEquals(states[i][0] + 10 * ((i + by) % 3), predictions[i][0], 1e-6f);
                }
            }
        }
    }

    @Test
    void aPaddedBatchWritesNothingBesideItsRows() throws IOException {
        try (PretrainedDenoiser denoiser = TestModules.alone(TestModules.plain(folder));
                Buffer states = Device.cpu().allocate(20, DIM);
                Buffer predictions = Device.cpu().allocate(20, DIM)) {
            float[] canary = new float[DIM];
            java.util.Arrays.fill(canary, 77);
            for (int row = 0; row < 20; row++) {
                predictions.write(row, canary);
            }
            Batch batch = new Batch(17);
            batch.begin(states, 1, predictions, 2);
            for (int i = 0; i < 17; i++) {
                batch.add(level(i), Condition.none());
            }
            denoiser.evaluate(batch);
            float[] found = new float[DIM];
            for (int row : new int[] {0, 1, 19}) {
                predictions.read(row, found);
                assertArrayEquals(canary, found);
            }
        }
    }

    @Test
    void theDemoModelKeepsTheContract() {
        try (PretrainedDenoiser digits = DemoModel.load()) {
            DenoiserChecks.verify(digits, digits.card().scheduler().grid(50), Condition.label(4));
            assertEquals(List.of(1, 28, 28), digits.card().shape());
        }
    }

    @Test
    void illegalConditionsAreNamedWithTheLegalRange() throws IOException {
        try (PretrainedDenoiser plain = ModelFile.load(TestModules.plain(folder));
                PretrainedDenoiser labelled = ModelFile.load(TestModules.labelled(folder));
                PretrainedDenoiser embedded = ModelFile.load(TestModules.embedded(folder))) {
            assertMessage("label 3: must be 0 to 2, for model test",
                    () -> labelled.requireLegal(Condition.label(3)));
            assertMessage("condition label 0: must be none, for model test",
                    () -> plain.requireLegal(Condition.label(0)));
            assertMessage("condition Embedding[1 x 4]: must be an embedding of 2 x 4, for model test",
                    () -> embedded.requireLegal(new Condition.Embedding(new float[4], 1, 4)));
        }
    }

    @Test
    void aMissingModelIsNamed() {
        Path file = folder.resolve("absent.pt");
        assertEquals("model file " + file + " does not exist or is not a file",
                assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage());
    }

    @Test
    void aMissingCardIsNamed() throws IOException {
        Path file = TestModules.plain(folder);
        Files.delete(ModelCard.beside(file));
        String message = assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(message.contains("plain.json does not exist"), message);
    }

    @Test
    void aCorruptModelIsNamed() throws IOException {
        Path file = TestModules.plain(folder);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        String message = assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(message.startsWith("model file " + file + " is damaged: "), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void aCardWithTheWrongChannelCountIsRefusedAtOnce() throws IOException {
        Path file = TestModules.write(folder, "channels",
                "def forward(self, x, t):\n    return torch.conv2d(x, torch.ones(2, 2, 1, 1))",
                TestModules.card("[\"x\", \"t\"]", "[3, 4, 4]", "epsilon", ""));
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.load(file))
                .getMessage();
        assertTrue(message.contains("must be a model that does what its card says (shape [3, 4, 4]"), message);
        assertTrue(message.contains("expected input[1, 3, 4, 4] to have 2 channels, but got 3 channels"), message);
    }

    @Test
    void aModuleThatAnswersAnotherShapeOrTypeIsRefusedAtOnce() throws IOException {
        Path shape = TestModules.write(folder, "shape", "def forward(self, x, t):\n    return x[:, :, 1:]",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.load(shape))
                .getMessage();
        assertTrue(message.contains("its forward answers [1, 2, 2, 5] of Float to an x of [1, 2, 3, 5] of Float"),
                message);
        Path type = TestModules.write(folder, "type", "def forward(self, x, t):\n    return x.double()",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        message = assertThrows(IllegalArgumentException.class, () -> ModelFile.load(type)).getMessage();
        assertTrue(message.contains("of Double to an x of [1, 2, 3, 5] of Float"), message);
    }

    @Test
    void aClosedModelSaysSo() throws IOException {
        PretrainedDenoiser denoiser = ModelFile.load(TestModules.plain(folder));
        denoiser.close();
        denoiser.close();
        assertEquals("PretrainedDenoiser is closed",
                assertThrows(IllegalStateException.class, () -> denoiser.prepare(1)).getMessage());
    }

    private interface Conditions {
        Condition of(int row);
    }

    private static float[][] evaluate(Denoiser denoiser, float[][] states, Conditions conditions) {
        try (Buffer x = Device.cpu().allocate(states.length, DIM);
                Buffer m = Device.cpu().allocate(states.length, DIM)) {
            Batch batch = new Batch(states.length);
            batch.begin(x, 0, m, 0);
            for (int i = 0; i < states.length; i++) {
                x.write(i, states[i]);
                batch.add(level(i), conditions.of(i));
            }
            denoiser.evaluate(batch);
            float[][] predictions = new float[states.length][DIM];
            for (int i = 0; i < states.length; i++) {
                m.read(i, predictions[i]);
            }
            return predictions;
        }
    }

    private static int time(int row) {
        return 13 * row % 1000;
    }

    private static NoiseLevel level(int row) {
        return new NoiseLevel(time(row), 0.6, 0.8);
    }

    private static float[][] random(int rows) {
        Random random = new Random(rows);
        float[][] values = new float[rows][DIM];
        for (float[] row : values) {
            for (int e = 0; e < DIM; e++) {
                row[e] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
