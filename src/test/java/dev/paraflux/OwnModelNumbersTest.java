package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model of a user's own says of itself in numbers is checked: a wrong one would end runs anywhere, unseen. */
class OwnModelNumbersTest {
    private double rounding;
    private int modelRows = 1;

    private final Denoiser model = new Denoiser() {
        private final Denoiser bent = TestDenoisers.bent(4);

        @Override
        public int[] shape() {
            return bent.shape();
        }

        @Override
        public Prediction prediction() {
            return bent.prediction();
        }

        @Override
        public double rounding(Conditioning conditioning) {
            return rounding;
        }

        @Override
        public int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
            return modelRows;
        }

        @Override
        public void requireLegal(Condition condition) {
            bent.requireLegal(condition);
        }

        @Override
        public void evaluate(Batch batch) {
            bent.evaluate(batch);
        }
    };

    @ParameterizedTest
    @ValueSource(doubles = {-1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY})
    void roundingThatIsNoShareEndsTheCall(double wrong) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.angles(6, 1.4)).build()) {
            for (var method : List.of(new Sequential(), ParaTaa.defaults(), Srds.defaults())) {
                Request request = Request.seed(1).withMethod(method);
                rounding = 0;
                float[] right = sampler.sample(request).values();
                rounding = wrong;
                assertEquals("rounding of the model " + wrong + ": must be 0 or more, and finite",
                        assertThrows(IllegalArgumentException.class, () -> sampler.sample(request)).getMessage());
                rounding = 0;
                assertEquals(List.of(right[0], right[3]),
                        List.of(sampler.sample(request).values()[0], sampler.sample(request).values()[3]));
            }
        }
    }

    @Test
    void negativeNumbersOfRowsEndTheCall() {
        try (Sampler sampler = Sampler.builder(model, TestGrids.angles(6, 1.4)).build()) {
            modelRows = -1;
            assertEquals("rowsPerEvaluation of the model -1: must be 0 or more",
                    assertThrows(IllegalArgumentException.class, () -> sampler.sample(Request.seed(1))).getMessage());
            modelRows = 0;
            assertEquals(0, sampler.sample(Request.seed(1)).stats().modelRows());
        }
    }
}
