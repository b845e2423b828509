package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.Precision;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Modules that calculate with other numbers inside than their files have. */
class TorchPrecisionTest {
    private static final List<NoiseLevel> LEVELS = IntStream.range(0, 17)
            .mapToObj(i -> new NoiseLevel(999 - 60 * i, 0.6, 0.8)).toList();

    @TempDir
    Path folder;

    /** Not the bits of float32, and not further from them than the rounding of some layers. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, 1e-3, 3e-2", "FLOAT16, 1e-5, 3e-3"})
    void theDemoModelIsNearFloat32(Precision precision, double least, double most) {
        float[][] states = Predictions.rows(LEVELS.size(), 784, 1);
        try (PretrainedDenoiser exact = DemoModel.load();
                PretrainedDenoiser narrow = DemoModel.load(LoadOptions.DEFAULT.withPrecision(precision))) {
            assertEquals(precision, narrow.precision());
            assertEquals(precision.rounding(), narrow.rounding(Conditioning.of(Condition.label(3))));
            assertEquals(0, exact.rounding(Conditioning.of(Condition.label(3))));
            assertEquals(precision.toString(), narrow.identity().model().settings().get("precision"));
            float[][] expected = Predictions.of(exact, states, LEVELS, Condition.label(3));
            float[][] found = Predictions.of(narrow, states, LEVELS, Condition.label(3));
            double difference = 0;
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                for (int e = 0; e < 784; e++) {
                    difference = Math.max(difference, Math.abs(expected[i][e] - found[i][e]));
                    largest = Math.max(largest, Math.abs(expected[i][e]));
                }
            }
            double relative = difference / largest;
            assertTrue(relative >= least && relative <= most, precision + " differs by " + relative);
            assertArrayEquals(found, Predictions.of(narrow, states, LEVELS, Condition.label(3)));
            // What one model calculates with is no matter of the other.
            assertArrayEquals(expected, Predictions.of(exact, states, LEVELS, Condition.label(3)));
            DenoiserChecks.verify(narrow, narrow.card().scheduler().grid(50), Condition.label(4), 3e-2);
        }
    }

    /** They are the thread's, and other code of libtorch runs on it too. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void callsLeaveTheThreadAsItWas(Precision precision) throws IOException {
        Path file = TestModules.write(folder, "failing",
                "def forward(self, x, t):\n    assert bool((t < 16).all()), \"t is too large\"\n    return x",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        try (PretrainedDenoiser model = ModelFile.load(file, LoadOptions.DEFAULT.withPrecision(precision))) {
            model.setReplicas(1);
            Predictions.of(model, new float[1][30], List.of(new NoiseLevel(1, 0.6, 0.8)), Condition.none());
            assertEquals(false, torch.is_autocast_enabled(torch.DeviceType.CPU));
            assertThrows(IllegalStateException.class, () -> Predictions.of(model, new float[1][30],
                    List.of(new NoiseLevel(20, 0.6, 0.8)), Condition.none()));
            assertEquals(false, torch.is_autocast_enabled(torch.DeviceType.CPU));
        }
    }

    @Test
    void float32IsWhatOneGetsWithoutAsking() {
        try (PretrainedDenoiser model = DemoModel.load()) {
            assertEquals(Precision.FLOAT32, model.precision());
            assertTrue(!model.identity().model().settings().containsKey("precision"));
        }
    }
}
