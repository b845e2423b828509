package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriangularSystemTest {
    private static final NoiseLevel NOISY = NoiseLevel.ofAlphaBar(900, 0.1);
    private static final NoiseLevel MIDDLE = NoiseLevel.ofAlphaBar(500, 0.5);
    private static final NoiseLevel CLEAN = NoiseLevel.ofAlphaBar(0, 1);

    private final TriangularSystem.Builder builder = new TriangularSystem.Builder(NOISY, Prediction.EPSILON);

    @Test
    void termsOfTheSameKindAndRowAddUp() {
        TriangularSystem system = builder.row(MIDDLE, 0)
                .state(0, 0.5)
                .prediction(0, 2)
                .noise(0.25)
                .state(0, 0.25)
                .prediction(0, -0.5)
                .noise(0.5)
                .build();
        RecordedRow row = new RecordedRow(system, 1);
        assertEquals(Map.of(0, 0.75), row.states);
        assertEquals(Map.of(0, 1.5), row.predictions);
        assertEquals(0.75, row.noise);
        assertEquals(0.75, system.noise(1));
    }

    @Test
    void termsOfARowDoNotLeakIntoTheNext() {
        TriangularSystem system = builder.row(MIDDLE, 0).state(0, 1).prediction(0, 2).noise(3).row(CLEAN, 1).state(1, 4)
                .build();
        RecordedRow row = new RecordedRow(system, 2);
        assertEquals(Map.of(1, 4.0), row.states);
        assertEquals(Map.of(), row.predictions);
        assertEquals(0, row.noise);
    }

    @ParameterizedTest
    @EnumSource
    void sampleAndNoiseOfARowAreWrittenInTermsOfTheModelsOutput(Prediction prediction) {
        Random random = new Random(1);
        double sample = random.nextGaussian();
        double noise = random.nextGaussian();
        double x = NOISY.alpha() * sample + NOISY.sigma() * noise;
        double m = switch (prediction) {
            case EPSILON -> noise;
            case SAMPLE -> sample;
            case VELOCITY -> NOISY.alpha() * noise - NOISY.sigma() * sample;
            case FLOW -> noise - sample;
        };
        TriangularSystem system = new TriangularSystem.Builder(NOISY, prediction).row(MIDDLE, 0)
                .x0(0, 0.7)
                .epsilon(0, -0.4)
                .build();
        RecordedRow row = new RecordedRow(system, 1);
        assertEquals(0.7 * sample - 0.4 * noise, row.ofState(0) * x + row.ofPrediction(0) * m, Tolerances.COEFFICIENT);
    }

    @Test
    void rightSideIsParentThenPredictionsThenStatesThenNoise() {
        TriangularSystem system = builder.row(MIDDLE, 0).state(0, 1).prediction(0, 1)
                .row(MIDDLE, 1).state(1, 1).prediction(1, 1)
                .row(CLEAN, 1).noise(1).state(2, 1).prediction(2, 1).state(0, 1).prediction(0, 1).state(1, 1)
                .prediction(1, 1)
                .build();
        assertEquals(" x1 m0 m1 m2 x0 x2 z3", new RecordedRow(system, 3).order.toString());
    }

    @Test
    void termsThatCancelAreDroppedAndTheParentIsAlwaysTold() {
        TriangularSystem system = builder.row(MIDDLE, 0).prediction(0, 1).prediction(0, -1)
                .row(CLEAN, 1).state(0, 1).state(0, -1).noise(1).noise(-1)
                .build();
        assertEquals(" x0", new RecordedRow(system, 1).order.toString());
        assertEquals(" x1", new RecordedRow(system, 2).order.toString());
        assertFalse(system.evaluated(0));
        assertEquals(0, system.noiseRows());
    }

    @Test
    void systemKnowsItsRows() {
        TriangularSystem system = new StagedTwoStep().system(TestGrids.linear(3), Prediction.EPSILON);
        assertEquals(9, system.rows());
        assertEquals(TestGrids.linear(3).level(0), system.level(0));
        assertEquals(TestGrids.linear(3).level(1), system.level(3));
        assertEquals(TestGrids.linear(3).level(3), system.level(9));
        int[] parents = {0, 1, 0, 3, 4, 3, 6, 7, 6};
        boolean[] evaluated = {true, true, false, true, true, false, true, true, false, false};
        for (int row = 0; row <= 9; row++) {
            assertEquals(evaluated[row], system.evaluated(row), "row " + row);
            if (row > 0) {
                assertEquals(parents[row - 1], system.parent(row), "row " + row);
            }
        }
    }

    @Test
    void noiseRowsAreCountedWithoutGaps() {
        TriangularSystem system = new StagedTwoStep().system(TestGrids.linear(3), Prediction.EPSILON);
        assertEquals(6, system.noiseRows());
        double[] factors = {0.1, 0, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.05};
        int before = 0;
        for (int row = 1; row <= 9; row++) {
            assertEquals(factors[row - 1], system.noise(row), "row " + row);
            if (factors[row - 1] != 0) {
                assertEquals(before++, system.noiseIndex(row), "row " + row);
            }
        }
    }

    @Test
    void oneStepSolversReachOneRow() {
        TriangularSystem system = new Ddim(0.5).system(TestGrids.linear(5), Prediction.VELOCITY);
        assertEquals(1, system.stateReach());
        assertEquals(1, system.predictionReach());
    }

    @Test
    void reachIsThatOfTheFarthestTerm() {
        TriangularSystem system = new StagedTwoStep().system(TestGrids.linear(3), Prediction.EPSILON);
        assertEquals(6, system.stateReach());
        assertEquals(6, system.predictionReach());
    }

    /** Heun's full row continues from the row before its stage: whoever keeps rows by their reach must keep the parent. */
    @Test
    void reachIncludesTheParent() {
        TriangularSystem system = builder.row(MIDDLE, 0).state(0, 1).prediction(0, 1)
                .row(CLEAN, 0).state(0, 1).prediction(1, 1)
                .build();
        assertEquals(2, system.stateReach());
        assertEquals(1, system.predictionReach());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 3, Integer.MAX_VALUE})
    void rowsThatAreNotEarlierAreRefused(int j) {
        builder.row(MIDDLE, 0).state(0, 1).row(CLEAN, 1);
        String message = "row that row 2 refers to " + j + ": must be 0 to 1";
        for (Executable reference : new Executable[] {() -> builder.state(j, 1), () -> builder.prediction(j, 1),
                () -> builder.x0(j, 1), () -> builder.epsilon(j, 1)}) {
            assertEquals(message, assertThrows(IllegalArgumentException.class, reference).getMessage());
        }
    }

    @Test
    void parentsThatAreNotEarlierAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> builder.row(MIDDLE, 1));
        assertThrows(IllegalArgumentException.class, () -> builder.row(MIDDLE, -1));
    }

    /** Else they would be a part of the first row, unseen. */
    @Test
    void termsWithoutARowAreRefused() {
        for (Executable term : new Executable[] {() -> builder.state(0, 1), () -> builder.prediction(0, 1),
                () -> builder.x0(0, 1), () -> builder.epsilon(0, 1), () -> builder.noise(1)}) {
            assertEquals("a term without a row: begin one with row(level, parent) before it",
                    assertThrows(IllegalStateException.class, term).getMessage());
        }
        TriangularSystem system = builder.row(MIDDLE, 0).state(0, 0.5).build();
        assertEquals(0.5, system.parentFactor(1));
        assertEquals(0, system.noise(1));
    }

    /** Else the row before it would be the sample. */
    @Test
    void rowsWithoutALevelAreRefused() {
        builder.row(MIDDLE, 0).state(0, 1);
        assertThrows(NullPointerException.class, () -> builder.row(null, 1));
        assertEquals(1, builder.state(0, 1).build().parentFactor(1) - 1, "nothing has changed");
        assertThrows(NullPointerException.class, () -> new TriangularSystem.Builder(null, Prediction.EPSILON));
        assertThrows(NullPointerException.class, () -> new TriangularSystem.Builder(NOISY, null));
    }

    @Test
    void nothingIsAddedToASystemThatIsBuilt() {
        builder.row(MIDDLE, 0).state(0, 1).build();
        for (Executable more : new Executable[] {() -> builder.row(CLEAN, 1), () -> builder.state(0, 1),
                () -> builder.prediction(0, 1), () -> builder.noise(1), builder::build}) {
            assertEquals("the system is built: make another builder for another one",
                    assertThrows(IllegalStateException.class, more).getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void startScalesThatAreNotPositiveAreRefused(double scale) {
        TriangularSystem system = builder.row(MIDDLE, 0).state(0, 1).build();
        assertEquals("startScale " + scale + ": must be above 0, and finite",
                assertThrows(IllegalArgumentException.class, () -> system.withStartScale(scale)).getMessage());
    }

    @Test
    void tenTermsAreRefusedAndNineAreNot() {
        for (int row = 0; row < 8; row++) {
            builder.row(MIDDLE, row).state(row, 1);
        }
        builder.row(MIDDLE, 8).state(8, 1);
        for (int j = 0; j < 8; j++) {
            builder.prediction(j, 1);
        }
        builder.row(CLEAN, 9).state(9, 1);
        for (int j = 0; j < 8; j++) {
            builder.prediction(j, 1);
        }
        builder.noise(1);
        String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertEquals("number of terms of row 10 10: must be at most 9", message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void coefficientsThatAreNotFiniteAreRefused(double factor) {
        for (int kind = 0; kind < 4; kind++) {
            var rows = new TriangularSystem.Builder(NOISY, Prediction.EPSILON).row(MIDDLE, 0).state(0, 1)
                    .row(CLEAN, 1);
            switch (kind) {
                case 0 -> rows.state(1, factor);
                case 1 -> rows.state(0, factor);
                case 2 -> rows.prediction(1, factor);
                default -> rows.noise(factor);
            }
            String message = assertThrows(IllegalArgumentException.class, rows::build).getMessage();
            assertEquals("coefficient of row 2 " + factor + ": must be finite", message);
        }
    }

    @Test
    void systemWithoutRowsIsRefused() {
        assertTrue(assertThrows(IllegalStateException.class, builder::build).getMessage().contains("without rows"));
    }

    @Test
    void levelsAreTheOnesGiven() {
        TriangularSystem system = builder.row(MIDDLE, 0).row(CLEAN, 1).build();
        assertSame(NOISY, system.level(0));
        assertSame(MIDDLE, system.level(1));
        assertSame(CLEAN, system.level(2));
    }
}
