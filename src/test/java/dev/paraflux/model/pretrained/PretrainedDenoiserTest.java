package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.CallAllocations;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.Predictions;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.ModelInput.Type;
import dev.paraflux.schedule.NoiseLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same for all backends, tried with one in plain Java. */
class PretrainedDenoiserTest {
    private static final Condition NONE = Condition.none();

    @TempDir
    Path folder;

    /** Rows of a call, the fewest and the most of a run, replicas. */
    @ParameterizedTest
    @CsvSource({"1,1,1,1", "5,1,1,2", "7,2,3,1", "1,2,15,2", "17,2,15,1", "33,4,31,3", "40,1,4096,2", "64,20,63,1"})
    void rowsArePaddedAndSplitIntoRunsThatTheModelTakes(int rows, int least, int most, int replicas) {
        PlainBackend backend = new PlainBackend(Batching.ANY.within(least, most));
        try (PretrainedDenoiser model = backend.load(folder, List.of(2, 3))) {
            model.setReplicas(replicas);
            assertRight(model, rows, NONE, 0);
            model.prepare(rows);
            assertRight(model, rows, NONE, 0);
        }
        backend.runs.forEach(run -> assertTrue(run.size() >= least && run.size() <= most, run::toString));
    }

    /** Guidance lays its halves out one behind the other, and rows of several requests stand anyhow. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aModelOfOneTimeARunIsGivenTheRowsOfEachTimeTogether(int replicas) {
        PlainBackend backend = new PlainBackend(Batching.ANY.atOneTime());
        try (PretrainedDenoiser model = backend.load(folder, List.of(5))) {
            model.setReplicas(replicas);
            backend.runs.clear();
            int[] times = {7, 3, 7, 0, 3, 7, 7, 3, 999};
            float[][] states = Predictions.rows(times.length, 5, 1);
            List<NoiseLevel> levels = new ArrayList<>();
            for (int time : times) {
                levels.add(level(time));
            }
            float[][] found = Predictions.of(model, states, levels, NONE);
            for (int i = 0; i < times.length; i++) {
                assertEquals(0.5f * states[i][4] + 0.001f * times[i], found[i][4], 1e-6f, "row " + i);
            }
            backend.runs.forEach(run -> assertEquals(1, new HashSet<>(run).size(), run::toString));
            if (replicas == 1) {
                assertEquals(4, backend.runs.size());
            }
            backend.runs.clear();
            assertRight(model, 6, NONE, 0, i -> 5);
            assertEquals(Math.min(replicas, 6), backend.runs.size());
        }
    }

    @Test
    void severalInputsGetTheirValuesByName() {
        ModelInput text = PlainBackend.input("text", Type.FLOAT32, OptionalInt.of(0), 2, 3);
        ModelInput pooled = PlainBackend.input("pooled", Type.FLOAT32, OptionalInt.empty(), 4);
        ModelInput sizes = PlainBackend.input("sizes", Type.INT64, OptionalInt.of(2), 2);
        TensorValue ones = TensorValue.of(new float[] {1, 1, 1, 1, 1, 1}, 2, 3);
        TensorValue tens = TensorValue.of(new float[] {10, 10, 10, 10}, 4);
        TensorValue hundreds = TensorValue.of(new long[] {100, 100}, 2);
        try (PretrainedDenoiser model = PlainBackend.load(folder, Batching.ANY, text, pooled, sizes)) {
            Condition.Tensors all = Condition.tensors(Map.of("text", ones, "pooled", tens, "sizes", hundreds));
            assertRight(model, 3, all, 246);
            assertRight(model, 2, all.withZeros("text", "pooled"), 200);
            assertRight(model, 4, Condition.tensors(Map.of("pooled", tens)), 44);
            // Each row has its own.
            List<Conditioning> mixed = List.of(Conditioning.of(all),
                    Conditioning.of(Condition.tensors(Map.of("pooled", tens))), Conditioning.of(all));
            float[][] found = Predictions.of(model, new float[3][6], List.of(level(0), level(0), level(0)), mixed);
            assertEquals(List.of(246f, 44f, 246f), List.of(found[0][0], found[1][5], found[2][0]));
        }
    }

    @Test
    void conditionsThatAModelDoesNotTakeAreRefusedByName() {
        ModelInput text = PlainBackend.input("text", Type.FLOAT32, OptionalInt.empty(), 2, 3);
        ModelInput sizes = PlainBackend.input("sizes", Type.INT64, OptionalInt.of(0), 2);
        ModelInput label = new ModelInput("kind", Type.INT64, List.of(), 3, OptionalInt.of(3));
        TensorValue right = TensorValue.of(new float[6], 2, 3);
        try (PretrainedDenoiser model = PlainBackend.load(folder, Batching.ANY, text, sizes, label)) {
            refused(model, NONE,
                    "condition none: must be tensors of text float32 [2, 3], sizes int64 [2], kind a label, 0"
                            + " to 2: its card names no null of text");
            refused(model, Condition.label(3), "label 3: must be 0 to 2, for model plain");
            refused(model, Condition.label(1), "its card names no null of text");
            refused(model, Condition.tensors(Map.of("text", right, "other", right)), "condition Tensors{other=float32"
                    + " [2, 3], text=float32 [2, 3]}: must be tensors of text");
            refused(model, Condition.tensors(Map.of("text", TensorValue.of(new float[6], 3, 2))),
                    "condition text float32 [3, 2]: must be float32 [2, 3], for model plain");
            refused(model, Condition.tensors(Map.of("text", TensorValue.of(new long[6], 2, 3))),
                    "condition text int64 [2, 3]: must be float32 [2, 3]");
            refused(model, Condition.tensors(Map.of("text", right, "kind", TensorValue.of(new long[] {4}))),
                    "kind 4: must be 0 to 3");
            model.requireLegal(Condition.tensors(Map.of("text", right, "kind", TensorValue.of(new long[] {3}))));
            model.requireLegal(new Condition.Embedding(new float[6], 2, 3));
            refused(model, new Condition.Embedding(new float[8], 2, 4),
                    "condition Embedding[2 x 4]: must be tensors of");
        }
    }

    /** A label by its input's name is one of the classes, or what stands for none: what lies between is neither. */
    @Test
    void labelsBetweenTheClassesAndNoneAreRefused() {
        ModelInput label = new ModelInput("kind", Type.INT64, List.of(), 3, OptionalInt.of(9));
        try (PretrainedDenoiser model = PlainBackend.load(folder, Batching.ANY, label)) {
            refused(model, kind(3), "kind 3: must be 0 to 2, or 9, for model plain");
            refused(model, kind(8), "kind 8: must be 0 to 2, or 9, for model plain");
            refused(model, kind(-1), "kind -1: must be 0 to 2, or 9, for model plain");
            model.requireLegal(kind(0));
            model.requireLegal(kind(2));
            model.requireLegal(kind(9));
        }
    }

    private static Condition kind(long value) {
        return Condition.tensors(Map.of("kind", TensorValue.of(new long[] {value})));
    }

    /** They are checked for every row of a call. */
    @Test
    void legalConditionsAreCheckedWithoutGarbage() {
        CallAllocations.assumeCounted();
        ModelInput text = PlainBackend.input("text", Type.FLOAT32, OptionalInt.empty(), 2, 3);
        ModelInput label = new ModelInput("kind", Type.INT64, List.of(), 3, OptionalInt.of(3));
        Condition given = Condition.tensors(Map.of("text", TensorValue.of(new float[6], 2, 3), "kind",
                TensorValue.of(new long[] {3})));
        try (PretrainedDenoiser model = PlainBackend.load(folder, Batching.ANY, text, label)) {
            assertEquals(0, CallAllocations.bytesACall(call -> model.requireLegal(given)));
        }
    }

    private static void refused(PretrainedDenoiser model, Condition condition, String words) {
        String found = assertThrows(IllegalValueException.class, () -> model.requireLegal(condition)).getMessage();
        assertTrue(found.contains(words), found);
        assertThrows(IllegalValueException.class,
                () -> Predictions.of(model, new float[1][6], List.of(level(0)), condition));
    }

    @Test
    void aModelOfWholeTimesRefusesOthers() {
        PlainBackend backend = new PlainBackend(Batching.ANY, true);
        try (PretrainedDenoiser model = backend.load(folder, List.of(3))) {
            model.requireLegal(level(916));
            String found = assertThrows(IllegalValueException.class, () -> model.requireLegal(level(916.28)))
                    .getMessage();
            assertTrue(found.startsWith("time 916.28: must be a whole training step, for model plain"), found);
        }
    }

    /** After a failure the model goes on, whoever of several threads it met. */
    @Test
    void whatABackendRefusesFailsTheCallAlone() {
        PlainBackend backend = new PlainBackend(Batching.ANY);
        try (PretrainedDenoiser model = backend.load(folder, List.of(3))) {
            model.setReplicas(3);
            backend.failure = RefusedCall.failed("there is no room", new IllegalStateException("at length"));
            ModelException failed = assertThrows(ModelException.class, () -> assertRight(model, 9, NONE, 0));
            assertEquals("model plain fails: there is no room", failed.getMessage());
            assertEquals("at length", failed.getSuppressed()[0].getMessage());
            backend.failure = RefusedCall.answered("it answers [3]");
            assertEquals("model plain: it answers [3]",
                    assertThrows(ModelException.class, () -> assertRight(model, 1, NONE, 0)).getMessage());
            backend.failure = new ModelException("its own words");
            assertEquals("its own words",
                    assertThrows(ModelException.class, () -> assertRight(model, 5, NONE, 0)).getMessage());
            backend.failure = null;
            assertRight(model, 9, NONE, 0);
        }
    }

    @Test
    void whatABackendRefusesAtFirstMeansThatTheCardIsAnotherModels() {
        PlainBackend backend = new PlainBackend(Batching.ANY);
        backend.failure = RefusedCall.failed("x has 4 sizes", new IllegalStateException());
        String found = assertThrows(IllegalValueException.class, () -> backend.load(folder, List.of(2, 3)))
                .getMessage();
        assertTrue(found.endsWith("must be a model that does what its card says (shape [2, 3], inputs [x, t]): x has 4"
                + " sizes"), found);
    }

    @Test
    void aModelIsTheBackendTheNameAndTheDigest() {
        try (PretrainedDenoiser model = PlainBackend.load(folder, Batching.ANY)) {
            assertEquals("plain", model.identity().model().kind());
            assertEquals("plain", model.identity().model().settings().get("name"));
            assertEquals("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
                    model.identity().model().settings().get("sha256"));
            assertEquals("plain Java", model.runtime());
        }
    }

    private interface Times {
        double of(int row);
    }

    private static void assertRight(PretrainedDenoiser model, int rows, Condition condition, float sum) {
        Random random = new Random(rows);
        int[] times = random.ints(rows, 0, 1000).toArray();
        assertRight(model, rows, condition, sum, i -> times[i]);
    }

    private static void assertRight(PretrainedDenoiser model, int rows, Condition condition, float sum, Times times) {
        float[][] states = Predictions.rows(rows, model.dim(), 1);
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            levels.add(level(times.of(i)));
        }
        float[][] found = Predictions.of(model, states, levels, condition);
        for (int i = 0; i < rows; i++) {
            for (int e = 0; e < model.dim(); e++) {
                assertEquals(0.5f * states[i][e] + 0.001f * (float) times.of(i) + sum, found[i][e], 1e-4f, "row " + i);
            }
        }
    }

    private static NoiseLevel level(double time) {
        return new NoiseLevel(time, 0.6, 0.8);
    }
}
