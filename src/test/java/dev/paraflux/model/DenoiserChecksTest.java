package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.schedule.Prediction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checker is worth what it finds: each denoiser here breaks the contract in one way. */
class DenoiserChecksTest {
    private static final int DIM = 4;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void goodDenoiserPassesOnAnyGrid(int steps) {
        assertEquals(0, DenoiserChecks.verify(TestDenoisers.bent(DIM), TestGrids.linear(steps), Condition.label(3))
                .batchDifference());
    }

    @Test
    void denoiserThatPredictsZeroPasses() {
        found(null, new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                return new float[DIM];
            }
        });
    }

    @Test
    void illegalConditionIsRefusedBeforeAnyEvaluation() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        assertThrows(IllegalArgumentException.class,
                () -> DenoiserChecks.verify(model, TestGrids.linear(10), Condition.label(10)));
        assertEquals(0, model.calls());
    }

    @Test
    void valueThatIsNotFiniteIsFound() {
        found("is not finite", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                x[2] = batch.level(i).alpha() > 0.9 ? Float.POSITIVE_INFINITY : x[2];
                return x;
            }
        });
    }

    @Test
    void predictionThatIsNotWrittenIsFound() {
        found("was not written", new Broken() {
            @Override
            public void evaluate(Batch batch) {}
        });
    }

    @Test
    void predictionThatIsHalfWrittenIsFound() {
        found("was not written", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                float[] half = new float[DIM];
                batch.predictions().read(batch.predictionRow(i), half);
                half[0] = x[0];
                return half;
            }
        });
    }

    @Test
    void predictionThatIsNotRepeatableIsFound() {
        found("the same batch twice", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                x[0] += calls;
                return x;
            }
        });
    }

    @Test
    void rowsThatDependOnTheirNeighboursAreFound() {
        found("rows of a batch must be independent", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                x[0] += 0.1f * batch.size();
                return x;
            }
        });
    }

    /** A model of bfloat16 or half differs by its own rounding, which is not the fault of its rows. */
    @ParameterizedTest
    @CsvSource({"16, 0.03", "13, 0.004"})
    void theToleranceFollowsThePrecisionOfTheModel(int unusedBits, float rounding) {
        DenoiserChecks.verify(rounded(unusedBits, rounding), TestGrids.linear(10), Condition.none());
        found("rows of a batch must be independent", rounded(unusedBits, 10 * rounding));
        found("rows of a batch must be independent", rounded(0, rounding));
        DenoiserChecks.verify(rounded(0, rounding), TestGrids.linear(10), Condition.none(), 0.05);
        assertThrows(IllegalArgumentException.class, () -> DenoiserChecks.verify(rounded(0, rounding),
                TestGrids.linear(10), Condition.none(), Double.NaN));
    }

    /** Differs in a batch by a share of itself, and has so few bits. */
    private static Denoiser rounded(int unusedBits, float share) {
        return new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                for (int e = 0; e < DIM; e++) {
                    float value = batch.size() == 1 ? x[e] : x[e] * (1 - share);
                    x[e] = Float.intBitsToFloat(Float.floatToRawIntBits(value) & -(1 << unusedBits));
                }
                return x;
            }
        };
    }

    @Test
    void levelOfAnotherRowIsFound() {
        found("rows of a batch must be independent", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                x[0] += (float) batch.level(0).alpha();
                return x;
            }
        });
    }

    @Test
    void changedStateIsFound() {
        found("changed the state of row", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                batch.states().write(batch.stateRow(i), new float[DIM]);
                return x;
            }
        });
    }

    @Test
    void writingOutsideThePredictionsIsFound() {
        found("wrote outside its predictions", new Broken() {
            @Override
            float[] predict(Batch batch, int i, float[] x) {
                batch.predictions().write(0, x);
                return x;
            }
        });
    }

    @Test
    void keptBuffersAreFound() {
        found("", new Broken() {
            private Batch first;

            @Override
            public void evaluate(Batch batch) {
                if (first == null) {
                    first = batch;
                }
                super.evaluate(batch.size() == first.size() ? batch : first);
            }
        });
    }

    /** Verifies, and expects the message; null for none. */
    private static void found(String message, Denoiser denoiser) {
        if (message == null) {
            DenoiserChecks.verify(denoiser, TestGrids.linear(10), Condition.none());
            return;
        }
        String found = assertThrows(IllegalStateException.class,
                () -> DenoiserChecks.verify(denoiser, TestGrids.linear(10), Condition.none())).getMessage();
        assertTrue(found.contains(message), found);
    }

    /** Predicts the state itself, as long as nothing is overridden. */
    private abstract static class Broken implements Denoiser {
        int calls;

        float[] predict(Batch batch, int i, float[] x) {
            return x;
        }

        @Override
        public int[] shape() {
            return new int[] {DIM};
        }

        @Override
        public Prediction prediction() {
            return Prediction.EPSILON;
        }

        @Override
        public void requireLegal(Condition condition) {}

        @Override
        public void evaluate(Batch batch) {
            calls++;
            float[] x = new float[DIM];
            for (int i = 0; i < batch.size(); i++) {
                batch.states().read(batch.stateRow(i), x);
                batch.predictions().write(batch.predictionRow(i), predict(batch, i, x));
            }
        }
    }
}
