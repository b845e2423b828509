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
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuidanceTest extends DenoiserContract {
    private static final int DIM = 19;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    @Override
    protected Denoiser open() {
        return Guidance.of(new GaussianMixtureDenoiser(new int[] {1, 3},
                List.of(GaussianMixtureDenoiserTest.LEFT, GaussianMixtureDenoiserTest.RIGHT)), 2.5);
    }

    @Override
    protected List<Conditioning> legal() {
        return conditions(Condition.none(), Condition.label(0), Condition.label(1));
    }

    @Override
    protected Conditioning illegal() {
        return Conditioning.of(Condition.label(2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 7.5, -1, 0.5})
    void predictionGoesFromTheUnconditionalOneTowardsTheConditionalOne(double weight) {
        float[] conditional = evaluate(model, 4, 3)[2];
        float[] unconditional = evaluate(model, -1, 3)[2];
        float[] guided = evaluate(Afterwards.close(Guidance.of(model, weight)), 4, 3)[2];
        for (int e = 0; e < DIM; e++) {
            double expected = unconditional[e] + weight * ((double) conditional[e] - unconditional[e]);
            assertEquals(expected, guided[e], 1e-6 * (1 + Math.abs(weight)), "element " + e);
        }
    }

    @Test
    void unconditionalHalfMayHaveAConditionOfItsOwn() {
        float[] conditional = evaluate(model, 4, 1)[0];
        float[] negative = evaluate(model, 9, 1)[0];
        float[] guided = evaluate(Afterwards.close(Guidance.of(model, 3, Condition.label(9))), 4, 1)[0];
        for (int e = 0; e < DIM; e++) {
            assertEquals(negative[e] + 3.0 * ((double) conditional[e] - negative[e]), guided[e], 1e-5);
        }
    }

    @Test
    void weightOneIsTheModelToTheBitAndWeightZeroTheUnconditionalOne() {
        assertArrayEquals(evaluate(model, 4, 3), evaluate(Afterwards.close(Guidance.of(model, 1)), 4, 3));
        assertArrayEquals(evaluate(model, -1, 3), evaluate(Afterwards.close(Guidance.of(model, 0)), 4, 3));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 3", "0, 1, 3", "2, 2, 6", "-0.5, 2, 6"})
    void bothHalvesRunInOneCallAndOnlyIfBothCount(double weight, int rowsPerEvaluation, int batch) {
        Denoiser guided = Afterwards.close(Guidance.of(model, weight));
        assertEquals(rowsPerEvaluation,
                guided.rowsPerEvaluation(TestGrids.linear(10).level(3), Conditioning.of(Condition.label(4))));
        guided.prepare(3);
        // Any row may ask for both halves.
        assertEquals(List.of(6), model.prepared());
        evaluate(guided, 4, 3);
        assertEquals(List.of(batch), model.batchSizes());
    }

    @Test
    void guidanceSpeaksForItsModel() {
        Denoiser guided = Guidance.of(TestDenoisers.gaussian(5, 0, 1, Prediction.VELOCITY), 2);
        assertArrayEquals(new int[] {5}, guided.shape());
        assertEquals(Prediction.VELOCITY, guided.prediction());
        assertTrue(guided.toString().startsWith("guidance (weight 2) around "), guided.toString());
    }

    @Test
    void guidanceOfGuidanceCostsItsProduct() {
        Denoiser twice = Afterwards.close(Guidance.of(Guidance.of(model, 2), 3).owning());
        assertEquals(4, twice.rowsPerEvaluation(TestGrids.linear(10).level(3), Conditioning.of(Condition.label(4))));
        evaluate(twice, 4, 3);
        assertEquals(List.of(12), model.batchSizes());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void weightThatIsNotFiniteIsRefused(double weight) {
        String message = assertThrows(IllegalArgumentException.class, () -> Guidance.of(model, weight)).getMessage();
        assertEquals("weight " + weight + ": must be finite", message);
    }

    @Test
    void unconditionalConditionIsCheckedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> Guidance.of(model, 2, Condition.label(10)));
    }

    /** Rows of one batch ask for weights, levels and negative conditions of their own, or for none. */
    @Test
    void everyRowIsGuidedAsItAsks() {
        GuidanceOptions negative = GuidanceOptions.weight(-1).withUnconditional(Condition.label(9));
        List<Conditioning> asked = List.of(Conditioning.of(Condition.label(4)),
                Conditioning.of(Condition.label(4)).withGuidance(GuidanceOptions.weight(5).withRescale(0.7)),
                Conditioning.of(Condition.label(2)).withGuidance(GuidanceOptions.weight(0)),
                Conditioning.of(Condition.label(2)).withGuidance(GuidanceOptions.weight(1)),
                Conditioning.of(Condition.label(3)).withGuidance(negative),
                Conditioning.of(Condition.label(3)).withGuidance(negative.withInterval(1e6, 1e7)),
                Conditioning.of(Condition.none()).withGuidance(GuidanceOptions.weight(2).withRescale(0.2)));
        List<NoiseLevel> levels = TestGrids.linear(10).levels().subList(0, asked.size());
        float[][] x = Predictions.rows(asked.size(), DIM, 1);
        Denoiser guided = Afterwards.close(Guidance.of(model, 2));
        float[][] together = Predictions.of(guided, x, levels, asked);
        assertEquals(List.of(11), model.batchSizes());
        for (int i = 0; i < asked.size(); i++) {
            GuidanceOptions options = asked.get(i).guidance();
            Denoiser alone = Afterwards
                    .close(Guidance.of(model, options == null ? GuidanceOptions.weight(2) : options));
            assertArrayEquals(Predictions.of(alone, new float[][] {x[i]}, levels.subList(i, i + 1),
                    asked.get(i).condition())[0], together[i], "row " + i);
            assertEquals(alone.rowsPerEvaluation(levels.get(i), Conditioning.of(asked.get(i).condition())),
                    guided.rowsPerEvaluation(levels.get(i), asked.get(i)), "row " + i);
        }
    }

    @Test
    void whatARowAsksForIsCheckedWithBothItsHalves() {
        Denoiser guided = Guidance.of(model);
        Conditioning wrong = Conditioning.of(Condition.label(4))
                .withGuidance(GuidanceOptions.weight(2).withUnconditional(Condition.label(10)));
        String legal = "label 10: legal labels are 0 to 9";
        assertEquals(legal,
                assertThrows(IllegalArgumentException.class, () -> guided.requireLegal(wrong)).getMessage());
        assertEquals("guidance guidance (weight 2): must be none for a model that nothing guides: put"
                + " Guidance.of(model) around it",
                assertThrows(IllegalArgumentException.class,
                        () -> model.requireLegal(wrong.withGuidance(GuidanceOptions.weight(2)))).getMessage());
    }

    @Test
    void itLeavesItsModelOpenUnlessItOwnsIt() {
        GaussianMixtureDenoiser inner = new GaussianMixtureDenoiser(new int[] {1, 3},
                List.of(GaussianMixtureDenoiserTest.LEFT));
        Guidance.of(inner, 2).close();
        evaluate(inner, -1, 1);
        Guidance.of(Guidance.of(inner, 2), 3).owning().close();
        assertThrows(IllegalStateException.class, () -> evaluate(inner, -1, 1));
    }

    /** Predictions of random rows, at levels of their own, under one label, or none where it is negative. */
    private static float[][] evaluate(Denoiser denoiser, int label, int rows) {
        Random random = new Random(3);
        float[][] result = new float[rows][denoiser.dim()];
        try (Buffer states = Device.cpu().allocate(rows, denoiser.dim());
                Buffer predictions = Device.cpu().allocate(rows, denoiser.dim())) {
            Batch batch = new Batch(rows);
            batch.begin(states, 0, predictions, 0);
            for (int i = 0; i < rows; i++) {
                for (int e = 0; e < denoiser.dim(); e++) {
                    result[i][e] = (float) random.nextGaussian();
                }
                states.write(i, result[i]);
                NoiseLevel level = TestGrids.linear(10).level(i);
                batch.add(level, label < 0 ? Condition.none() : Condition.label(label));
            }
            denoiser.evaluate(batch);
            for (int i = 0; i < rows; i++) {
                predictions.read(i, result[i]);
            }
        }
        return result;
    }
}
