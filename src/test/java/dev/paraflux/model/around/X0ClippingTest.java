package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Afterwards;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.X0Limit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class X0ClippingTest extends LabelledContract {
    private static final int DIM = 33;
    private static final List<NoiseLevel> LEVELS = TestGrids.linear(5).levels().subList(0, 5);

    @Override
    protected Denoiser open() {
        return X0Clipping.at(TestDenoisers.bent(DIM), 1);
    }

    @ParameterizedTest
    @EnumSource
    void sampleIsCutOffAtTheLimit(Prediction prediction) {
        float[][] x = Predictions.rows(5, DIM, 1);
        float[][] raw = Predictions.of(wide(Prediction.SAMPLE), x, LEVELS, Condition.none());
        float[][] found = Predictions.of(Afterwards.close(X0Clipping.at(wide(prediction), 1.5)), x, LEVELS,
                Condition.none());
        int cut = 0;
        for (int i = 0; i < 5; i++) {
            for (int e = 0; e < DIM; e++) {
                double expected = Math.max(-1.5, Math.min(1.5, raw[i][e]));
                // x0 = (x - sigma eps) / alpha of an eps in float, alpha down to 0.006.
                assertEquals(expected, found[i][e], 1e-7 / LEVELS.get(i).alpha() * 4, "row " + i);
                cut += Math.abs(raw[i][e]) > 1.5 ? 1 : 0;
            }
        }
        assertTrue(cut > 10 && cut < 5 * DIM - 10, cut + " values were cut off");
    }

    /** Its predicted samples are wide, whatever the level. */
    private static Denoiser wide(Prediction prediction) {
        return TestDenoisers.of(DIM, prediction, (x, level, condition, e) -> {
            double sample = 2 * x;
            double noise = (x - level.alpha() * sample) / level.sigma();
            return prediction.outputOfX0(level) * sample + prediction.outputOfEpsilon(level) * noise;
        });
    }

    @Test
    void samplesWithinTheLimitKeepTheirBits() {
        Denoiser model = TestDenoisers.gaussian(DIM, 0, 0.5, Prediction.SAMPLE);
        float[][] x = Predictions.rows(5, DIM, 1);
        assertArrayEquals(Predictions.of(model, x, LEVELS, Condition.none()),
                Predictions.of(Afterwards.close(X0Clipping.at(model, 100)), x, LEVELS, Condition.none()));
    }

    /** Long rows, with values at, beside and far beyond the limit, and zeros of both signs. */
    @ParameterizedTest
    @CsvSource({"NaN, 0.1", "NaN, 1", "0.995, 1", "0.9, 3", "0.5, 100", "0.123, 1e30"})
    void rowsHaveTheBitsOfAPlainLoop(double percentile, double most) {
        int dim = 9001;
        X0Limit limit = new X0Limit(percentile, most);
        Denoiser model = TestDenoisers.of(dim, Prediction.SAMPLE, (x, level, condition, e) -> x);
        float[][] rows = Predictions.rows(4, dim, 1);
        for (int i = 0; i < rows.length; i++) {
            for (int e = 0; e < dim; e++) {
                rows[i][e] *= i;
            }
            System.arraycopy(new float[] {0, -0f, (float) most, Math.nextUp((float) most), Math.nextDown((float) most),
                    (float) -most, 3e38f, -3e38f, 1e-44f}, 0, rows[i], 100, 9);
        }
        float[][] found = Predictions.of(Afterwards.close(X0Clipping.of(model, limit)), rows, LEVELS.subList(0, 4),
                Condition.none());
        RowClipping loop = new RowClipping(limit, dim);
        for (int i = 0; i < rows.length; i++) {
            loop.clip(rows[i]);
            assertArrayEquals(rows[i], found[i], "row " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void rowsThatAreNotFiniteAreLeftToTheRun(float spoiled) {
        float[][] x = Predictions.rows(5, DIM, 1);
        Denoiser broken = TestDenoisers.of(DIM, Prediction.SAMPLE, (v, level, condition, e) -> 1)
                .spoil((level, condition) -> level.equals(LEVELS.get(2))).spoilWith(spoiled);
        for (Denoiser clipped : List.of(X0Clipping.at(broken, 0.5), X0Clipping.dynamic(broken, 0.9, 2))) {
            float[][] found = Predictions.of(Afterwards.close(clipped), x, LEVELS, Condition.none());
            assertEquals(spoiled, found[2][DIM - 1]);
            assertTrue(Float.isFinite(found[1][DIM - 1]));
        }
    }

    @Test
    void noiseAloneIsRefusedWithAModelThatPredictsEpsilonBeforeItIsAsked() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        Denoiser clipped = X0Clipping.at(model, 1);
        String message = assertThrows(IllegalArgumentException.class,
                () -> Sampler.builder(clipped, TestGrids.zeroTerminalSnr(5)).build()).getMessage();
        assertTrue(message.contains("zero terminal SNR"), message);
        assertEquals(0, model.calls());
    }

    @Test
    void itSaysWhatItDoes() {
        assertEquals(Prediction.SAMPLE, open().prediction());
        assertTrue(open().toString().startsWith("x0-clipping (limit 1) around "));
        assertTrue(X0Clipping.dynamic(TestDenoisers.bent(DIM), 0.995, 2).toString()
                .startsWith("dynamic-thresholding (maxRange 2, percentile 0.995) around "));
    }

    @Test
    void misuseIsRefused() {
        Denoiser model = TestDenoisers.bent(DIM);
        for (double limit : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused("limit " + limit + ": must be above 0, and finite", () -> X0Clipping.at(model, limit));
        }
        for (double percentile : new double[] {-0.1, 1.1, Double.NaN}) {
            refused("percentile " + percentile + ": must be 0 to 1", () -> X0Clipping.dynamic(model, percentile, 1));
        }
        for (double range : new double[] {0.9, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused("maxRange " + range + ": must be 1 or more, and finite",
                    () -> X0Clipping.dynamic(model, 0.995, range));
        }
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
