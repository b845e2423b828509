package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.Reason;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that do what no module should: what a user reads is one sentence with the module's own words. */
class MisbehavingModulesTest {
    private static final NoiseLevel LEVEL = new NoiseLevel(500, 0.6, 0.8);

    @TempDir
    Path folder;

    /** In place, and padded: 17 rows go as 20. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 17})
    void aModuleThatChangesItsInputGetsCopies(int rows) throws IOException {
        float[][] states = Predictions.rows(rows, 30, 1);
        List<NoiseLevel> levels = Collections.nCopies(rows, LEVEL);
        try (PretrainedDenoiser model = TestModules.alone(TestModules.changing(folder))) {
            for (int call = 0; call < 3; call++) {
                float[][] found = Predictions.of(model, states, levels, Condition.none());
                for (int i = 0; i < rows; i++) {
                    assertEquals(2 * states[i][7] + 1, found[i][7], 1e-6f);
                }
            }
            DenoiserChecks.verify(model, model.card().scheduler().grid(5), Condition.none());
        }
    }

    /** Also where warming up does not change a value, and where x gets another shape. */
    @ParameterizedTest
    @ValueSource(strings = {"x.clamp_(-1, 1)", "x.relu_()", "x += t.reshape(-1, 1, 1, 1)", "x.view(-1).abs_()",
            "y = x.squeeze_(0)"})
    void aModuleThatChangesSomeValuesGetsCopies(String change) throws IOException {
        Path file = write("def forward(self, x, t):\n    " + change + "\n    return x.reshape(-1, 2, 3, 5) + 1",
                "[\"x\", \"t\"]", "");
        float[][] states = {Predictions.rows(1, 30, 1)[0].clone()};
        states[0][0] = -3;
        float[] before = states[0].clone();
        try (PretrainedDenoiser model = TestModules.alone(file);
                Buffer rows = Device.cpu().allocate(2, 30)) {
            rows.write(0, before);
            Batch batch = new Batch(1);
            batch.begin(rows, 0, rows, 1);
            batch.add(LEVEL, Condition.none());
            float[] first = new float[30];
            float[] again = new float[30];
            model.evaluate(batch);
            rows.read(1, first);
            model.evaluate(batch);
            rows.read(1, again);
            assertArrayEquals(first, again);
            rows.read(0, again);
            assertArrayEquals(before, again);
        }
    }

    @Test
    void aModuleThatChangesItsInputAtSomeTimesFailsOnceAndThenGetsCopies() throws IOException {
        Path file = write("def forward(self, x, t):\n    if bool(t.max() > 100):\n        x *= 2\n    return x + 1",
                "[\"x\", \"t\"]", "");
        float[][] states = Predictions.rows(1, 30, 1);
        try (PretrainedDenoiser model = TestModules.alone(file)) {
            sentence(assertThrows(ModelException.class,
                    () -> Predictions.of(model, states, List.of(LEVEL), Condition.none())),
                    "changes its input in place, at some inputs only");
            for (int call = 0; call < 2; call++) {
                float[][] found = Predictions.of(model, states, List.of(LEVEL), Condition.none());
                assertEquals(2 * states[0][7] + 1, found[0][7], 1e-6f);
            }
        }
    }

    @Test
    void aModuleThatChangesItsEmbeddingGetsCopies() throws IOException {
        Path file = write("def forward(self, x, t, e):\n    e *= 2\n    return x + e[:, 1, 2].reshape(-1, 1, 1, 1)",
                "[\"x\", \"t\", \"encoder_hidden_states\"]", "\"embedding\": [2, 4],");
        float[] values = new float[8];
        values[6] = 3;
        Condition embedding = new Condition.Embedding(values, 2, 4);
        try (PretrainedDenoiser model = TestModules.alone(file)) {
            for (int call = 0; call < 3; call++) {
                assertEquals(6, Predictions.of(model, new float[1][30], List.of(LEVEL), embedding)[0][0]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            return (t, x)                       | its forward answers [1] of Float to an x of [1, 2, 3, 5] of Float
            return ((x, t), x)                  | its forward answers a tuple: it must answer one tensor
            return {"sample": x}                | its forward answers a dict: it must answer one tensor
            return [x, t]                       | its forward answers a list: it must answer one tensor
            return None                         | its forward answers None: it must answer one tensor
            return x.half()                     | of Half to an x of [1, 2, 3, 5] of Float
            return x.view(7, 7)                 | shape '[7, 7]' is invalid for input of size 30
            return torch.embedding(torch.ones(1000, 1), t).sum() + x | it takes t as int64, and is given float32 [batch]
            """)
    void whatAModuleDoesOtherwiseThanItsCardSaysIsToldAtLoad(String body, String words) throws IOException {
        Path file = write("def forward(self, x, t):\n    " + body, "[\"x\", \"t\"]", "");
        sentence(assertThrows(IllegalArgumentException.class, () -> ModelFile.load(file)), words);
    }

    /** As networks of diffusers do. */
    @Test
    void ofATupleTheFirstTensorIsThePrediction() throws IOException {
        Path file = write("def forward(self, x, t):\n    return (x + 1, t)", "[\"x\", \"t\"]", "");
        try (PretrainedDenoiser model = ModelFile.load(file)) {
            for (int call = 0; call < 3; call++) {
                assertEquals(1, Predictions.of(model, new float[1][30], List.of(LEVEL), Condition.none())[0][0]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            def forward(self, x)                | Expected at most 2 argument(s) for operator 'forward', but received 3
            def forward(self, x, t, y)          | forward() is missing value for argument 'y'
            def forward(self, x, t: int)        | Expected a value of type 'int' for argument 't'
            """)
    void otherArgumentsAreToldAtLoad(String head, String words) throws IOException {
        Path file = write(head + ":\n    return x", "[\"x\", \"t\"]", "");
        sentence(assertThrows(IllegalArgumentException.class, () -> ModelFile.load(file)), words);
    }

    /** As of a later PyTorch: the archive's code names an operator that there is not. */
    @Test
    void anOperatorThatLibtorchDoesNotHaveIsNamed() throws IOException {
        Path good = write("def forward(self, x, t):\n    return torch.relu(x)", "[\"x\", \"t\"]", "");
        Path bad = TestArchives.change(good, folder.resolve("bad.pt"), ".py",
                code -> new String(code, StandardCharsets.UTF_8).replace("torch.relu(", "torch.nieu(")
                        .getBytes(StandardCharsets.UTF_8));
        String message = assertThrows(IOException.class,
                () -> ModelFile.load(bad, ModelCard.read(ModelCard.beside(good)),
                        LoadOptions.DEFAULT))
                .getMessage();
        assertTrue(message.contains("can read: it uses aten::nieu, which came with a later PyTorch"), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void aModuleWithoutForwardIsToldAtLoad() throws IOException {
        Path file = write("def run(self, x, t):\n    return x", "[\"x\", \"t\"]", "");
        String message = assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(message.endsWith("can read: Method 'forward' is not defined."), message);
    }

    @Test
    void whatAModuleRaisesIsToldInItsOwnWords() throws IOException {
        Path always = write("def forward(self, x, t):\n    assert x.size(1) > 5, \"too few\\nchannels\"\n    return x",
                "[\"x\", \"t\"]", "");
        sentence(assertThrows(ModelException.class, () -> ModelFile.load(always)), "fails: too few channels");
        Path sometimes = write("def forward(self, x, t):\n    assert bool((t < 400).all()), \"t is too large\"\n"
                + "    return x", "[\"x\", \"t\"]", "");
        try (PretrainedDenoiser model = ModelFile.load(sometimes)) {
            ModelException failure = assertThrows(ModelException.class,
                    () -> Predictions.of(model, new float[1][30], List.of(LEVEL), Condition.none()));
            sentence(failure, "model test fails: t is too large");
            assertEquals("model test fails: t is too large", Reason.of(failure));
            // It goes on afterwards.
            Predictions.of(model, new float[1][30], List.of(new NoiseLevel(1, 0.6, 0.8)), Condition.none());
        }
    }

    @Test
    void aCardWithMoreLabelsThanTheModuleIsRefusedAtLoad() throws IOException {
        String forward = "def forward(self, x, t, y):\n    return x + torch.embedding(torch.ones(4, 1), y).sum()";
        String inputs = "[\"x\", \"t\", \"label\"]";
        ModelFile.load(write(forward, inputs, "\"labels\": 4, \"nullLabel\": 3,")).close();
        Path labels = write(forward, inputs, "\"labels\": 5,");
        sentence(assertThrows(IllegalArgumentException.class, () -> ModelFile.load(labels)),
                "labels 5: must be within what the model takes: it fails at label 4: index out of range");
        Path nullLabel = write(forward, inputs, "\"labels\": 4, \"nullLabel\": 4,");
        sentence(assertThrows(IllegalArgumentException.class, () -> ModelFile.load(nullLabel)),
                "nullLabel 4: must be within what the model takes: it fails at label 4: index out of range");
    }

    private Path write(String forward, String inputs, String more) throws IOException {
        return TestModules.write(folder, "module", forward,
                TestModules.card(inputs, TestModules.SHAPE, "epsilon", more));
    }

    /** One line, without a trace of C++ or Python, also where a program tells the causes. */
    private static void sentence(RuntimeException failure, String words) {
        String message = Reason.of(failure);
        assertTrue(message.contains(words), message);
        assertEquals(1, message.lines().count(), message);
        for (String trace : new String[] {"Traceback", "Exception raised from", "frame #", "HERE", ".cpp"}) {
            assertFalse(message.contains(trace), message);
        }
    }
}
