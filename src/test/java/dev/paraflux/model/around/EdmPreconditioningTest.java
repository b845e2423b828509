package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Afterwards;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdmPreconditioningTest extends LabelledContract {
    private static final int DIM = 7;
    private static final double SIGMA_DATA = 0.5;

    @Override
    protected Denoiser open() {
        return new EdmPreconditioning(TestDenoisers.bent(DIM), SIGMA_DATA);
    }

    static Stream<TimeGrid> grids() {
        return Stream.of(TimeGrid.edm(18, 0.002, 80, 7), TestGrids.linear(50), TimeGrid.flow(12, 3).from(1));
    }

    /** D = (c_skip + k c_out c_in) x where F(u) = k u, table 1 written plainly. */
    @ParameterizedTest
    @MethodSource("grids")
    void linearNetworkGivesTheFormula(TimeGrid grid) {
        double k = 0.7;
        Denoiser network = TestDenoisers.of(DIM, Prediction.EPSILON, (u, level, condition, e) -> k * u);
        List<NoiseLevel> levels = grid.levels().subList(0, grid.steps());
        float[][] x = Predictions.rows(grid.steps(), DIM, 3);
        float[][] found = Predictions.of(Afterwards.close(new EdmPreconditioning(network, SIGMA_DATA)), x, levels,
                Condition.none());
        for (int row = 0; row < grid.steps(); row++) {
            double sigma = levels.get(row).sigma() / levels.get(row).alpha();
            double variance = sigma * sigma + SIGMA_DATA * SIGMA_DATA;
            double skip = SIGMA_DATA * SIGMA_DATA / variance;
            double out = sigma * SIGMA_DATA / Math.sqrt(variance);
            double in = 1 / Math.sqrt(variance);
            for (int e = 0; e < DIM; e++) {
                double y = x[row][e] / levels.get(row).alpha();
                double expected = (skip + k * out * in) * y;
                assertEquals(expected, found[row][e], 1e-6 * Math.abs(expected), "row " + row);
            }
        }
    }

    /** A network that knows c_in x and c_noise alone, of Gaussian data: D is its posterior mean. */
    @ParameterizedTest
    @MethodSource("grids")
    void networkThatLearnedAGaussianPredictsItsPosteriorMean(TimeGrid grid) {
        double mean = 0.3;
        double deviation = 0.8;
        Denoiser network = TestDenoisers.of(DIM, Prediction.VELOCITY, (u, level, condition, e) -> {
            double sigma = Math.exp(4 * level.time());
            double variance = sigma * sigma + SIGMA_DATA * SIGMA_DATA;
            double x = u * Math.sqrt(variance);
            double exact = mean
                    + deviation * deviation / (deviation * deviation + sigma * sigma) * (x - mean);
            return (exact - SIGMA_DATA * SIGMA_DATA / variance * x) * Math.sqrt(variance) / (sigma * SIGMA_DATA);
        });
        List<NoiseLevel> levels = grid.levels().subList(0, grid.steps());
        float[][] x = Predictions.rows(grid.steps(), DIM, 3);
        float[][] expected = Predictions.of(TestDenoisers.gaussian(DIM, mean, deviation, Prediction.SAMPLE), x, levels,
                Condition.none());
        float[][] found = Predictions.of(Afterwards.close(new EdmPreconditioning(network, SIGMA_DATA)), x, levels,
                Condition.none());
        for (int row = 0; row < grid.steps(); row++) {
            assertArrayEquals(expected[row], found[row], 5e-6f, "row " + row);
        }
    }

    @Test
    void predictsTheSampleWhateverTheNetworkSays() {
        Denoiser model = new EdmPreconditioning(TestDenoisers.bent(DIM), SIGMA_DATA);
        assertEquals(Prediction.SAMPLE, model.prediction());
        assertTrue(model.toString().startsWith("edm-preconditioning (sigmaData 0.5) around "), model.toString());
    }

    @Test
    void noiseAloneIsRefused() {
        Denoiser model = Afterwards.close(new EdmPreconditioning(TestDenoisers.bent(DIM), SIGMA_DATA));
        String message = assertThrows(IllegalArgumentException.class, () -> Predictions.of(model,
                Predictions.rows(1, DIM, 1), List.of(new NoiseLevel(999, 0, 1)), Condition.none())).getMessage();
        assertEquals("sigma / alpha Infinity: must be above 0, and finite", message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void deviationOutsideIsRefused(double sigmaData) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> new EdmPreconditioning(TestDenoisers.bent(DIM), sigmaData)).getMessage();
        assertEquals("sigmaData " + sigmaData + ": must be above 0, and finite", message);
    }
}
