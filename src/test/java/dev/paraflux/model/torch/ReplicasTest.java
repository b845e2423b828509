package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Condition;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose calls several threads share. */
@Timeout(120)
class ReplicasTest {
    private static final int DIM = 30;
    /** Of the largest value: what other sizes of parts may differ by. */
    private static final float AGREEMENT = 2e-6f;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 17, 40})
    void theDemoModelAgreesWithOneThread(int rows) {
        float[][] states = Predictions.rows(rows, 784, 1);
        List<NoiseLevel> levels = levels(rows);
        try (PretrainedDenoiser model = DemoModel.load()) {
            model.setReplicas(1);
            float[][] alone = Predictions.of(model, states, levels, Condition.label(3));
            for (int replicas : new int[] {2, 3, 5}) {
                model.setReplicas(replicas);
                assertEquals(replicas, model.replicas());
                float[][] shared = Predictions.of(model, states, levels, Condition.label(3));
                assertNear(alone, shared);
                for (int again = 0; again < 3; again++) {
                    assertArrayEquals(shared, Predictions.of(model, states, levels, Condition.label(3)));
                }
            }
        }
    }

    private static void assertNear(float[][] expected, float[][] found) {
        float largest = 0;
        for (float[] row : expected) {
            for (float value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], found[i], AGREEMENT * largest, "row " + i);
        }
    }

    /** By default it is measured who works, and that changes no bit. */
    @Test
    void bitsGoByTheCutAndNotByWhoWorks() {
        int rows = 19;
        float[][] states = Predictions.rows(rows, 784, 2);
        try (PretrainedDenoiser measured = DemoModel.load(); PretrainedDenoiser set = DemoModel.load()) {
            set.setReplicas(measured.mostReplicas());
            assertArrayEquals(Predictions.of(set, states, levels(rows), Condition.none()),
                    Predictions.of(measured, states, levels(rows), Condition.none()));
            int working = measured.replicas();
            assertTrue(working >= 1 && working <= measured.mostReplicas(), working + " threads");
            assertEquals(working, measured.replicas());
        }
    }

    /** Each with its time, in parts of 1, 2 or 3 rows and more, of which each thread takes what it comes to. */
    @Test
    void everyRowGetsItsOwnPrediction() throws IOException {
        try (PretrainedDenoiser model = ModelFile.load(TestModules.plain(folder))) {
            model.setReplicas(7);
            for (int rows : new int[] {1, 2, 3, 5, 13, 14, 15, 17, 100, 2500}) {
                float[][] states = Predictions.rows(rows, DIM, rows);
                float[][] found = Predictions.of(model, states, levels(rows), Condition.none());
                for (int i = 0; i < rows; i++) {
                    assertEquals(0.5f * states[i][9] + 0.001f * (i % 1000), found[i][9], 1e-5f);
                }
            }
        }
    }

    @Test
    void modulesThatChangeTheirInputGetCopiesInEveryPart() throws IOException {
        try (PretrainedDenoiser model = ModelFile.load(TestModules.changing(folder))) {
            model.setReplicas(3);
            DenoiserChecks.verify(model, model.card().scheduler().grid(5), Condition.none());
            float[][] states = Predictions.rows(17, DIM, 1);
            float[][] found = Predictions.of(model, states, levels(17), Condition.none());
            for (int i = 0; i < 17; i++) {
                assertEquals(2 * states[i][7] + 1, found[i][7], 1e-6f);
            }
        }
    }

    @Test
    void whatFailsOnOneThreadFailsTheCallAndLaterCallsGoOn() throws IOException {
        Path file = TestModules.write(folder, "failing",
                "def forward(self, x, t):\n    assert bool((t < 16).all()), \"t is too large\"\n    return x",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        try (PretrainedDenoiser model = ModelFile.load(file)) {
            model.setReplicas(4);
            for (int call = 0; call < 10; call++) {
                Predictions.of(model, Predictions.rows(16, DIM, 1), levels(16), Condition.none());
                // The last row alone is at 16: the other parts are well.
                assertEquals("model test fails: t is too large",
                        assertThrows(ModelException.class, () -> Predictions.of(model,
                                Predictions.rows(17, DIM, 1), levels(17), Condition.none())).getMessage());
            }
        }
    }

    @Test
    void closingUnderCallsIsRefusedUntilTheyAreOverAndEndsTheThreads() throws Exception {
        for (int close = 0; close < 10; close++) {
            PretrainedDenoiser model = ModelFile.load(TestModules.plain(folder));
            model.setReplicas(3);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread calls = new Thread(() -> {
                try {
                    while (true) {
                        Predictions.of(model, Predictions.rows(17, DIM, 1), levels(17), Condition.none());
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            calls.start();
            Thread.sleep(2);
            while (true) {
                try {
                    model.close();
                    break;
                } catch (IllegalStateException e) {
                    assertTrue(e.getMessage().contains("in use"), e.getMessage());
                }
            }
            calls.join();
            assertEquals("PretrainedDenoiser is closed", failure.get().getMessage());
            assertThrows(IllegalStateException.class, model::replicas);
            assertThrows(IllegalStateException.class, () -> model.setReplicas(2));
        }
        assertEquals(0, helpers());
    }

    private static long helpers() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("paraflux-model")).count();
    }

    @Test
    void anInterruptIsKeptAndTheCallIsMade() throws IOException {
        try (PretrainedDenoiser model = ModelFile.load(TestModules.plain(folder))) {
            model.setReplicas(4);
            float[][] states = Predictions.rows(17, DIM, 1);
            float[][] expected = Predictions.of(model, states, levels(17), Condition.none());
            Thread.currentThread().interrupt();
            float[][] found = Predictions.of(model, states, levels(17), Condition.none());
            assertTrue(Thread.interrupted());
            assertArrayEquals(expected, found);
        }
    }

    @Test
    void numbersThatCannotBeHadAreRefused() throws IOException {
        try (PretrainedDenoiser model = ModelFile.load(TestModules.plain(folder))) {
            model.setReplicas(2);
            int most = LoadOptions.mostThreads();
            for (int replicas : new int[] {0, -1, most + 1, Integer.MAX_VALUE}) {
                assertEquals("replicas " + replicas + ": must be 1 to " + most,
                        assertThrows(IllegalArgumentException.class, () -> model.setReplicas(replicas)).getMessage());
            }
            assertEquals(2, model.replicas());
        }
    }

    private static List<NoiseLevel> levels(int rows) {
        return IntStream.range(0, rows).mapToObj(i -> new NoiseLevel(i % 1000, 0.6, 0.8)).toList();
    }
}
