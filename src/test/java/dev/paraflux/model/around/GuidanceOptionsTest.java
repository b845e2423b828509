package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.Afterwards;
import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.Stats;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rescaled guidance, and guidance on an interval of noise levels. */
class GuidanceOptionsTest extends LabelledContract {
    private static final int DIM = 23;
    private static final int ROWS = 10;
    private static final TimeGrid GRID = TestGrids.linear(ROWS);
    private static final List<NoiseLevel> LEVELS = GRID.levels().subList(0, ROWS);
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final float[][] x = Predictions.rows(ROWS, DIM, 1);

    @Override
    protected Denoiser open() {
        return Guidance.of(TestDenoisers.bent(DIM), GuidanceOptions.weight(3).withRescale(0.7).withInterval(0.3, 5));
    }

    private float[][] evaluate(GuidanceOptions options) {
        return Predictions.of(Afterwards.close(Guidance.of(model, options)), x, LEVELS, Condition.label(4));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 3})
    void withoutOptionsItIsPlainGuidance(double weight) {
        GuidanceOptions options = GuidanceOptions.weight(weight).withRescale(0).withInterval(0, INFINITE);
        assertArrayEquals(Predictions.of(Afterwards.close(Guidance.of(model, weight)), x, LEVELS, Condition.label(4)),
                evaluate(options));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-2, 0, 3, 7.5})
    void rescaledRowsHaveTheDeviationOfTheConditionalOnes(double weight) {
        float[][] conditional = Predictions.of(model, x, LEVELS, Condition.label(4));
        float[][] found = evaluate(GuidanceOptions.weight(weight).withRescale(1));
        for (int i = 0; i < ROWS; i++) {
            assertEquals(1, deviation(found[i]) / deviation(conditional[i]), 1e-6, "row " + i);
        }
    }

    /** m_rescaled = m std(m_cond) / std(m), and phi m_rescaled + (1 - phi) m. */
    @ParameterizedTest
    @CsvSource({"3, 0.7", "7.5, 0.2", "-1, 1"})
    void rescaleIsThePapers(double weight, double phi) {
        float[][] conditional = Predictions.of(model, x, LEVELS, Condition.label(4));
        float[][] plain = evaluate(GuidanceOptions.weight(weight));
        float[][] found = evaluate(GuidanceOptions.weight(weight).withRescale(phi));
        for (int i = 0; i < ROWS; i++) {
            double ratio = deviation(conditional[i]) / deviation(plain[i]);
            for (int e = 0; e < DIM; e++) {
                double expected = phi * (plain[i][e] * ratio) + (1 - phi) * plain[i][e];
                assertEquals(expected, found[i][e], 1e-6 * (1 + Math.abs(weight)), "row " + i + ", element " + e);
            }
        }
    }

    @Test
    void rowOfEqualValuesStays() {
        Denoiser constant = TestDenoisers.of(DIM, model.prediction(), (value, level, condition, e) -> 0.25);
        float[][] found = Predictions.of(
                Afterwards.close(Guidance.of(constant, GuidanceOptions.weight(3).withRescale(1))), x, LEVELS,
                Condition.label(4));
        assertEquals(0.25f, found[3][5]);
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "3, 0.7", "0, 0", "0, 0.7"})
    void outsideTheIntervalTheConditionalModelRunsAlone(double weight, double phi) {
        GuidanceOptions everywhere = GuidanceOptions.weight(weight).withRescale(phi);
        double low = ratio(7);
        double high = ratio(3);
        float[][] conditional = Predictions.of(model, x, LEVELS, Condition.label(4));
        float[][] guided = evaluate(everywhere);
        model.batchSizes().clear();
        float[][] found = evaluate(everywhere.withInterval(low, high));
        for (int i = 0; i < ROWS; i++) {
            // (low, high]: row 3 is in, row 7 is not.
            assertArrayEquals(i >= 3 && i < 7 ? guided[i] : conditional[i], found[i], "row " + i);
        }
        assertEquals(List.of(weight == 0 && phi == 0 ? ROWS : ROWS + 4), model.batchSizes());
    }

    @Test
    void batchOutsideTheIntervalCostsNoMoreThanItsRows() {
        evaluate(GuidanceOptions.weight(3).withInterval(1e6, INFINITE));
        assertEquals(List.of(ROWS), model.batchSizes());
    }

    /** Where alpha is 0 the ratio is infinite. */
    @Test
    void intervalWithoutUpperEndHoldsNoiseAlone() {
        NoiseLevel noise = new NoiseLevel(999, 0, 1);
        GuidanceOptions options = GuidanceOptions.weight(3);
        assertEquals(2, Guidance.of(model, options.withInterval(5, INFINITE)).rowsPerEvaluation(noise,
                Conditioning.of(Condition.label(4))));
        assertEquals(1, Guidance.of(model, options.withInterval(5, 1e9)).rowsPerEvaluation(noise,
                Conditioning.of(Condition.label(4))));
    }

    @Test
    void bothHalvesArePreparedFor() {
        Guidance.of(model, GuidanceOptions.weight(3).withInterval(1, 5)).prepare(3);
        assertEquals(List.of(6), model.prepared());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void modelRowsAreCountedLevelByLevel(boolean parallel) {
        Method method = parallel ? Picard.defaults().withWindow(4).withTolerance(Tolerance.steps(0)) : new Sequential();
        Denoiser guided = Afterwards
                .close(Guidance.of(model, GuidanceOptions.weight(3).withInterval(ratio(7), ratio(3))));
        try (Sampler sampler = Sampler.builder(guided, GRID).method(method).build()) {
            Stats stats = sampler.sample(Request.seed(1).withLabel(4)).stats();
            assertEquals(model.levels().size(), stats.modelRows());
            if (!parallel) {
                assertEquals(ROWS, stats.evaluations());
                assertEquals(ROWS + 4, stats.modelRows());
            }
        }
    }

    @Test
    void misuseIsRefused() {
        GuidanceOptions options = GuidanceOptions.weight(2);
        refused("weight NaN: must be finite", () -> GuidanceOptions.weight(Double.NaN));
        refused("rescale -0.1: must be 0 to 1", () -> options.withRescale(-0.1));
        refused("rescale NaN: must be 0 to 1", () -> options.withRescale(Double.NaN));
        refused("above -1.0: must be 0 or more, and finite", () -> options.withInterval(-1, 2));
        refused("above Infinity: must be 0 or more, and finite",
                () -> options.withInterval(INFINITE, INFINITE));
        refused("upTo 2.0: must be above the interval's other end, 2.0",
                () -> options.withInterval(2, 2));
        refused("upTo NaN: must be above the interval's other end, 0.0",
                () -> options.withInterval(0, Double.NaN));
        refused("label 10: legal labels are 0 to 9",
                () -> Guidance.of(model, options.withUnconditional(Condition.label(10))));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static double ratio(int row) {
        return GRID.level(row).sigma() / GRID.level(row).alpha();
    }

    private static double deviation(float[] row) {
        double mean = 0;
        double squares = 0;
        for (float value : row) {
            mean += value / (double) row.length;
        }
        for (float value : row) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (row.length - 1));
    }
}
