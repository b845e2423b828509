package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdimTest {
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 1e-4, 0.02);

    /** Song et al., equations 12 and 16, in alpha-bars, as DDIM's authors write them. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0, 10", "0, 50", "0.5, 10", "0.5, 50", "1, 1", "1, 10", "1, 200"})
    void coefficientsAreThePapers(double eta, int steps) {
        for (FinalAlpha finalAlpha : FinalAlpha.values()) {
            TimeGrid grid = TimeGrid.of(SCHEDULE, steps, Spacing.TRAILING, 0, finalAlpha);
            TriangularSystem system = new Ddim(eta).system(grid, Prediction.EPSILON);
            assertEquals(steps, system.rows());
            for (int i = 1; i <= steps; i++) {
                double from = Math.pow(grid.level(i - 1).alpha(), 2);
                double to = Math.pow(grid.level(i).alpha(), 2);
                double g = Math.sqrt((1 - to) / (1 - from)) * Math.sqrt(1 - from / to);
                double c = i == steps ? 0 : eta * g;
                double a = Math.sqrt(to / from);
                double b = Math.sqrt(1 - to - c * c) - a * Math.sqrt(1 - from);
                RecordedRow row = new RecordedRow(system, i);
                assertEquals(a, row.ofState(i - 1), Tolerances.COEFFICIENT, "a of row " + i);
                assertEquals(b, row.ofPrediction(i - 1), Tolerances.COEFFICIENT, "b of row " + i);
                assertEquals(c, row.noise, Tolerances.COEFFICIENT, "c of row " + i);
                assertEquals(i - 1, system.parent(i));
                assertEquals(grid.level(i), system.level(i));
                assertEquals(row.states.size() + row.predictions.size(), 2, "other terms in row " + i);
            }
        }
    }

    @Test
    void lastRowTakesNoNoise() {
        for (FinalAlpha finalAlpha : FinalAlpha.values()) {
            TimeGrid grid = TimeGrid.of(SCHEDULE, 10, Spacing.LEADING, 1, finalAlpha);
            TriangularSystem system = new Ddpm().system(grid, Prediction.EPSILON);
            assertEquals(0, system.noise(10));
            assertEquals(9, system.noiseRows());
        }
    }

    @Test
    void ddpmIsDdimWithAllTheNoise() {
        TimeGrid grid = TestGrids.linear(20);
        TriangularSystem ddpm = new Ddpm().system(grid, Prediction.VELOCITY);
        TriangularSystem ddim = new Ddim(1).system(grid, Prediction.VELOCITY);
        for (int i = 1; i <= 20; i++) {
            RecordedRow one = new RecordedRow(ddpm, i);
            RecordedRow other = new RecordedRow(ddim, i);
            assertEquals(other.states, one.states);
            assertEquals(other.predictions, one.predictions);
            assertEquals(other.noise, one.noise);
        }
    }

    /** q(x_s | x_t, x0) has variance (sigma_s / sigma_t)^2 (sigma_t^2 - (alpha_t / alpha_s)^2 sigma_s^2), any scaling. */
    @Test
    void noiseIsThePosteriorsInKarrasScalingToo() {
        TimeGrid grid = new TimeGrid(
                List.of(new NoiseLevel(2, 1, 80), new NoiseLevel(1, 1, 5), new NoiseLevel(0, 1, 0)));
        TriangularSystem system = new Ddpm().system(grid, Prediction.SAMPLE);
        assertEquals(5 / 80.0 * Math.sqrt(80 * 80 - 5 * 5), system.noise(1), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
    void etaOutsideIsRefused(double eta) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Ddim(eta)).getMessage();
        assertEquals("eta " + eta + ": must be 0 to 1", message);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 25", "0.5, 25", "1, 25"})
    void whatTheModelPredictsDoesNotChangeTheSample(double eta, int steps) {
        TimeGrid grid = TestGrids.angles(steps, 1.3);
        float[] expected = sample(grid, eta, Prediction.EPSILON);
        assertArrayEquals(expected, sample(grid, eta, Prediction.SAMPLE), 5e-6f);
        assertArrayEquals(expected, sample(grid, eta, Prediction.VELOCITY), 5e-6f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"VELOCITY", "SAMPLE"})
    void zeroTerminalSnrWorksWithModelsThatKnowTheSampleThere(Prediction prediction) {
        TimeGrid grid = TestGrids.zeroTerminalSnr(50);
        assertEquals(0, grid.level(0).alpha());
        double mean = 0;
        for (float value : sample(grid, 0, prediction)) {
            mean += value / 64.0;
        }
        // 64 elements of mean 0.3 and standard deviation 0.5.
        assertEquals(0.3, mean, 4 * 0.5 / Math.sqrt(64));
    }

    @Test
    void zeroTerminalSnrIsRefusedWithAModelThatPredictsEpsilon() {
        TimeGrid grid = TestGrids.zeroTerminalSnr(50);
        Denoiser model = TestDenoisers.gaussian(64, 0.3, 0.5, Prediction.EPSILON);
        String message = assertThrows(IllegalArgumentException.class, () -> Sampler.builder(model, grid).build())
                .getMessage();
        assertTrue(message.contains("time 999"), message);
        assertTrue(message.contains("zero terminal SNR"), message);
        assertTrue(message.contains("one that predicts v"), message);
    }

    private static float[] sample(TimeGrid grid, double eta, Prediction prediction) {
        try (Sampler sampler = Sampler.builder(TestDenoisers.gaussian(64, 0.3, 0.5, prediction), grid)
                .solver(new Ddim(eta)).build()) {
            return sampler.sample(Request.seed(11)).values();
        }
    }
}
