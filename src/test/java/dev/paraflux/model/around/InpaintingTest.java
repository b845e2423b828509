package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Afterwards;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserContract;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiserTest;
import dev.paraflux.model.Mask;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InpaintingTest extends DenoiserContract {
    private static final float[] IMAGE = {0.9f, -0.7f, 0.3f};
    private static final float[] MASK = {0, 1, 0.25f};
    private static final NoiseLevel LEVEL = TestGrids.linear(10).level(4);
    private static final float[] STATE = {0.4f, -1.2f, 0.8f};

    @Override
    protected Denoiser open() {
        return Inpainting.of(Guidance.of(new GaussianMixtureDenoiser(new int[] {1, 3},
                List.of(GaussianMixtureDenoiserTest.LEFT, GaussianMixtureDenoiserTest.RIGHT)), 2.5)).owning();
    }

    @Override
    protected List<Conditioning> legal() {
        return List.of(Conditioning.of(Condition.none()), masked(Condition.label(0)),
                Conditioning.of(Condition.label(1)), masked(Condition.none()));
    }

    @Override
    protected Conditioning illegal() {
        return masked(Condition.label(2));
    }

    private static Conditioning masked(Condition condition) {
        return Conditioning.of(condition).withMask(new Mask(IMAGE, MASK));
    }

    @ParameterizedTest
    @EnumSource
    void predictsTheSampleThatTheModelMeansAndTheImageWhereItIsKnown(Prediction prediction) {
        Denoiser model = TestDenoisers.gaussian(3, 0.2, 0.5, prediction);
        float[] truth = evaluate(TestDenoisers.gaussian(3, 0.2, 0.5, Prediction.SAMPLE), LEVEL,
                Conditioning.of(Condition.none()));
        assertArrayEquals(truth,
                evaluate(Afterwards.close(Inpainting.of(model)), LEVEL, Conditioning.of(Condition.none())), 1e-6f);
        float[] found = evaluate(Afterwards.close(Inpainting.of(model)), LEVEL, masked(Condition.none()));
        assertEquals(IMAGE[0], found[0], "known");
        assertEquals(truth[1], found[1], 1e-6, "painted");
        assertEquals(0.25 * truth[2] + 0.75 * IMAGE[2], found[2], 1e-6, "blended");
        assertEquals(Prediction.SAMPLE, Inpainting.of(model).prediction());
    }

    @Test
    void theModelSeesTheInnerConditionAndTheStateAsItIs() {
        TestDenoisers.Recording model = TestDenoisers.bent(3).beforeCall(batch -> {
            float[] seen = new float[3];
            batch.states().read(batch.stateRow(0), seen);
            assertArrayEquals(STATE, seen);
            assertEquals(Condition.label(6), batch.condition(0));
        });
        evaluate(Afterwards.close(Inpainting.of(model)), LEVEL, masked(Condition.label(6)));
        assertEquals(List.of(1), model.batchSizes());
    }

    /** Else a model that fails in the known part only would go unnoticed. */
    @Test
    void aPredictionThatIsNotFiniteIsNotPaintedOver() {
        TestDenoisers.Recording model = TestDenoisers.bent(3).spoil((level, condition) -> true);
        float[] found = evaluate(Afterwards.close(Inpainting.of(model)), LEVEL,
                Conditioning.of(Condition.none()).withMask(new Mask(IMAGE, new float[3])));
        assertArrayEquals(new float[] {IMAGE[0], IMAGE[1], Float.NaN}, found);
    }

    /** More masks than are kept, some of them twice, and the same again. */
    @Test
    void everyRowHasItsOwnMask() {
        Denoiser model = TestDenoisers.gaussian(3, 0.2, 0.5, Prediction.SAMPLE);
        Denoiser painter = Afterwards.close(Inpainting.of(model));
        List<Mask> masks = IntStream.range(0, 40)
                .mapToObj(k -> new Mask(new float[] {k, -k, 0.5f}, new float[] {0, k / 40f, 1})).toList();
        for (int rows : new int[] {1, 3, 30, 2, 40, 40, 7}) {
            List<Conditioning> asked = IntStream.range(0, rows).mapToObj(i -> Conditioning.of(Condition.none())
                    .withMask(i % 5 == 4 ? null : masks.get(i % 3 == 2 ? i / 2 : (7 * i + rows) % 40))).toList();
            float[][] x = Predictions.rows(rows, 3, 1);
            List<NoiseLevel> levels = Collections.nCopies(rows, LEVEL);
            float[][] raw = Predictions.of(model, x, levels, Condition.none());
            float[][] found = Predictions.of(painter, x, levels, asked);
            for (int i = 0; i < rows; i++) {
                Mask mask = asked.get(i).mask();
                for (int e = 0; e < 3; e++) {
                    double share = mask == null ? 1 : mask.mask(e);
                    assertEquals((float) (share * raw[i][e] + (1 - share) * (mask == null ? 0 : mask.known(e))),
                            found[i][e], "row " + i + " of " + rows);
                }
            }
        }
    }

    @Test
    void itSpeaksForItsModel() {
        TestDenoisers.Recording model = TestDenoisers.bent(3);
        Denoiser painter = Inpainting.of(Guidance.of(model, 2));
        assertEquals(2, painter.rowsPerEvaluation(TestGrids.linear(5).level(1), masked(Condition.label(1))));
        painter.prepare(5);
        assertEquals(List.of(10), model.prepared());
        assertTrue(painter.toString().startsWith("inpainting around guidance (weight 2) around "), painter.toString());
    }

    @Test
    void itLeavesItsModelOpenUnlessItOwnsIt() {
        GaussianMixtureDenoiser inner = new GaussianMixtureDenoiser(new int[] {3},
                List.of(GaussianMixtureDenoiserTest.LEFT));
        Inpainting.of(inner).close();
        evaluate(inner, LEVEL, Conditioning.of(Condition.none()));
        Inpainting.of(inner).owning().close();
        assertThrows(IllegalStateException.class, () -> evaluate(inner, LEVEL, Conditioning.of(Condition.none())));
    }

    @Test
    void masksThatDoNotFitAreRefused() {
        Denoiser painter = Inpainting.of(TestDenoisers.bent(4));
        refused("number of values of mask 3: must be 4", () -> painter.requireLegal(masked(Condition.none())));
        refused("number of values of mask 3: must be 4",
                () -> new Mask(new float[4], MASK));
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.001f, 1.001f, Float.NaN, Float.POSITIVE_INFINITY})
    void maskValuesOutOfRangeAreRefused(float value) {
        refused("mask[1] " + value + ": must be 0 (known) to 1 (to paint)",
                () -> new Mask(IMAGE, new float[] {0, value, 1}));
    }

    @Test
    void knownImagesThatAreNotFiniteAreRefused() {
        refused("known[2] Infinity: must be finite",
                () -> new Mask(new float[] {0, 0, Float.POSITIVE_INFINITY}, MASK));
    }

    /** Its unconditional half would have no mask. */
    @Test
    void guidanceAroundItIsRefused() {
        Denoiser wrong = Guidance.of(Inpainting.of(TestDenoisers.bent(3)), 2);
        refused("mask Mask[3]: must be none under guidance: put Inpainting.of(guidance) around it",
                () -> wrong.requireLegal(masked(Condition.label(1))));
    }

    @Test
    void aModelWithoutItSaysWhatItNeeds() {
        try (Denoiser model = new GaussianMixtureDenoiser(new int[] {3}, List.of(GaussianMixtureDenoiserTest.LEFT))) {
            refused("mask Mask[3]: must be none for a model that does not paint: put Inpainting.of(model) around it",
                    () -> model.requireLegal(masked(Condition.none())));
        }
    }

    @Test
    void aLevelWhereTheModelSaysNothingOfTheSampleIsRefused() {
        NoiseLevel noise = new NoiseLevel(9, 0, 1);
        Denoiser painter = Inpainting.of(TestDenoisers.gaussian(3, 0, 1, Prediction.EPSILON));
        String message = assertThrows(IllegalArgumentException.class, () -> painter.requireLegal(noise)).getMessage();
        assertTrue(message.startsWith("alpha at time 9.0 0.0: must be above 0 for a model that predicts epsilon"),
                message);
        Inpainting.of(TestDenoisers.gaussian(3, 0, 1, Prediction.VELOCITY)).requireLegal(noise);
        assertThrows(IllegalArgumentException.class, () -> Guidance.of(painter, 2).requireLegal(noise));
    }

    private static void refused(String message, Runnable use) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, use::run).getMessage());
    }

    private static float[] evaluate(Denoiser denoiser, NoiseLevel level, Conditioning asked) {
        try (Buffer states = Device.cpu().allocate(1, 3); Buffer predictions = Device.cpu().allocate(1, 3)) {
            states.write(0, STATE);
            Batch batch = new Batch(1);
            batch.begin(states, 0, predictions, 0);
            batch.add(level, asked);
            denoiser.evaluate(batch);
            float[] found = new float[3];
            predictions.read(0, found);
            return found;
        }
    }
}
