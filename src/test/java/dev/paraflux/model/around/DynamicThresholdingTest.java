package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Afterwards;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicThresholdingTest extends LabelledContract {
    private static final int DIM = 101;
    private static final List<NoiseLevel> LEVELS = TestGrids.linear(4).levels().subList(0, 4);

    @Override
    protected Denoiser open() {
        return X0Clipping.dynamic(TestDenoisers.bent(DIM), 0.9, 3);
    }

    /** diffusers' _threshold_sample: s = clamp(quantile(|x0|), 1, most), x0 = clamp(x0, -s, s) / s. */
    @ParameterizedTest
    @CsvSource({"0.995, 1", "0.995, 100", "0.9, 3", "0.5, 100", "0, 5", "1, 100", "0.123, 100"})
    void rowsAreCutOffAtTheirQuantileAndDividedByIt(double percentile, double maxRange) {
        float[][] x0 = Predictions.rows(4, DIM, 0.8);
        for (int i = 0; i < 4; i++) {
            for (int e = 0; e < DIM; e++) {
                x0[i][e] *= 1 << i;
            }
        }
        Denoiser model = TestDenoisers.of(DIM, Prediction.SAMPLE, (x, level, condition, e) -> x);
        float[][] found = Predictions.of(Afterwards.close(X0Clipping.dynamic(model, percentile, maxRange)), x0, LEVELS,
                Condition.none());
        for (int i = 0; i < 4; i++) {
            double s = Math.max(1, Math.min(maxRange, sortedQuantile(x0[i], percentile)));
            for (int e = 0; e < DIM; e++) {
                double expected = Math.max(-s, Math.min(s, x0[i][e])) / s;
                assertEquals(expected, found[i][e], 1e-7, "row " + i + ", element " + e);
            }
        }
    }

    private static double sortedQuantile(float[] row, double share) {
        float[] sorted = row.clone();
        for (int e = 0; e < sorted.length; e++) {
            sorted[e] = Math.abs(sorted[e]);
        }
        Arrays.sort(sorted);
        double rank = share * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = (int) Math.ceil(rank);
        return sorted[below] + (rank - below) * ((double) sorted[above] - sorted[below]);
    }

    @Test
    void quantilesAreThoseOfSortedValues() {
        Random random = new Random(4);
        for (int trial = 0; trial < 2000; trial++) {
            float[] values = new float[1 + random.nextInt(40)];
            int distinct = 1 + random.nextInt(20);
            for (int e = 0; e < values.length; e++) {
                values[e] = trial % 2 == 0 ? random.nextInt(distinct) : random.nextFloat();
            }
            double share = trial % 5 == 0 ? random.nextInt(2) : random.nextDouble();
            assertEquals(sortedQuantile(values, share), Quantile.of(values, share), 1e-12, "trial " + trial);
        }
    }
}
