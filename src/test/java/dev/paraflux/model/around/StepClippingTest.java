package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestDenoisers;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.X0Limit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** x0 is clipped, and the step goes on with the eps that was predicted. */
class StepClippingTest {
    private static final int DIM = 3;
    private static final NoiseLevel FROM = new NoiseLevel(500, 0.6, 0.8);
    private static final double LIMIT = 0.5;

    @ParameterizedTest
    @EnumSource
    void theStepIsOfTheClippedSampleAndTheEpsThatWasPredicted(Prediction prediction) {
        double p = 0.8;
        double q = 0.6;
        float[] x = {0.3f, -2, 1.5f};
        float[] raw = predict(TestDenoisers.gaussian(DIM, 0.2, 1, Prediction.SAMPLE), x);
        double weight = p - q * FROM.alpha() / FROM.sigma();
        float[] told = predict(StepClipping.of(TestDenoisers.gaussian(DIM, 0.2, 1, prediction), X0Limit.at(LIMIT),
                Map.of(FROM, new StepClipping.Step(p, q, weight))), x);
        for (int e = 0; e < DIM; e++) {
            double clipped = Math.min(Math.max(raw[e], -LIMIT), LIMIT);
            double expected = p * clipped + q * (x[e] - FROM.alpha() * raw[e]) / FROM.sigma();
            // The row that a solver makes of a predicted sample.
            assertEquals(expected, p * told[e] + q * (x[e] - FROM.alpha() * told[e]) / FROM.sigma(), 2e-6);
        }
        assertTrue(Math.abs(raw[1]) > LIMIT && Math.abs(raw[0]) < LIMIT, "one is to be clipped, and one is not");
    }

    /** With a weight of either sign. */
    @ParameterizedTest
    @ValueSource(doubles = {0.37, -0.21})
    void rowsHaveTheBitsOfAPlainLoop(double weight) {
        float[] raw = {0.3f, -2, 1.5f};
        X0Limit limit = X0Limit.dynamic(0.3, 1.2);
        float[] told = predict(StepClipping.of(TestDenoisers.of(DIM, Prediction.SAMPLE, (x, level, condition, e) -> x),
                limit, Map.of(FROM, new StepClipping.Step(0.83, 0.59, weight))), raw);
        float[] clipped = raw.clone();
        new RowClipping(limit, DIM).clip(clipped);
        double carried = 0.59 * FROM.alpha() / FROM.sigma();
        for (int e = 0; e < DIM; e++) {
            assertEquals((float) ((0.83 * clipped[e] - carried * raw[e]) / weight), told[e]);
        }
    }

    @Test
    void atALevelThatNoStepBeginsAtItIsTheClippedSample() {
        float[] x = {0.3f, -2, 1.5f};
        float[] told = predict(StepClipping.of(TestDenoisers.gaussian(DIM, 0.2, 1, Prediction.EPSILON),
                X0Limit.at(LIMIT), Map.of()), x);
        float[] clipped = predict(X0Clipping.at(TestDenoisers.gaussian(DIM, 0.2, 1, Prediction.EPSILON), LIMIT), x);
        assertArrayEquals(clipped, told);
    }

    @Test
    void withoutALimitItIsTheModelItself() {
        Denoiser model = TestDenoisers.gaussian(DIM, 0.2, 1, Prediction.EPSILON);
        assertSame(model, StepClipping.of(model, X0Limit.NONE, Map.of()));
    }

    /** Closes the wrapper. */
    private static float[] predict(Denoiser model, float[] x) {
        float[] told = new float[DIM];
        try (model; Buffer states = Device.cpu().allocate(1, DIM); Buffer predictions = Device.cpu().allocate(1, DIM)) {
            states.write(0, x);
            Batch batch = new Batch(1);
            batch.begin(states, 0, predictions, 0);
            batch.add(FROM, Condition.none());
            model.prepare(1);
            model.evaluate(batch);
            predictions.read(0, told);
        }
        return told;
    }
}
