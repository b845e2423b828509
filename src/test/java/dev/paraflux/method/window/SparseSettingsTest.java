package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.TriangularSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of sparse rounds that are out of range or do not suit a system: refused, in words that say what is legal. */
class SparseSettingsTest {
    private static final SparseParaTaa DEFAULTS = SparseParaTaa.defaults();

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void amountsThatAreNotAboveZeroAreRefused(double amount) {
        refused("density " + amount + ": must be 1 or more, and finite", () -> DEFAULTS.withDensity(amount));
        refused("theta " + amount + ": must be above 0, and finite", () -> DEFAULTS.withTheta(amount));
        refused("kappa " + amount + ": must be above 0, and finite", () -> DEFAULTS.withKappa(amount));
    }

    @Test
    void capsOfAFewRowsAreRefused() {
        refused("density 0.99: must be 1 or more, and finite", () -> DEFAULTS.withDensity(0.99));
        refused("cap 15: must be 16 or more", () -> DEFAULTS.withCap(15));
        refused("cap -1: must be 16 or more", () -> DEFAULTS.withCap(-1));
        assertThrows(NullPointerException.class, () -> DEFAULTS.withParaTaa(null));
    }

    /** With advice. */
    @Test
    void capsThatAreFewForTheRowsAreRefused() {
        TriangularSystem many = new Ddim().system(TestGrids.angles(1000, 1.4), Prediction.EPSILON);
        refused("cap 99: must be 100 or more where 1000 rows are under way; ParaTAA with a window of as many rows does"
                + " better than fewer", () -> DEFAULTS.withCap(99).requireSuits(many, 1));
        assertDoesNotThrow(() -> DEFAULTS.withCap(100).requireSuits(many, 1));
        assertDoesNotThrow(() -> SparseParaTaa.of(ParaTaa.defaults().withWindow(160)).withCap(16)
                .requireSuits(many, 1));
    }

    @Test
    void theEndsOfTheRangesAreLegal() {
        assertDoesNotThrow(() -> DEFAULTS.withDensity(1).withTheta(Double.MIN_VALUE).withKappa(Double.MIN_VALUE)
                .withCap(16));
        assertDoesNotThrow(() -> DEFAULTS.withDensity(Double.MAX_VALUE).withTheta(Double.MAX_VALUE)
                .withKappa(Double.MAX_VALUE).withCap(Integer.MAX_VALUE));
    }

    /** Each changes one setting, and no other. */
    @Test
    void settingsAreChangedOneByOne() {
        ParaTaa other = ParaTaa.defaults().withHistory(5);
        SparseParaTaa changed = DEFAULTS.withParaTaa(other).withDensity(3).withTheta(4).withKappa(5).withCap(60);
        assertEquals(new SparseParaTaa(other, 3, 4, 5, 60), changed);
        assertEquals(DEFAULTS, changed.withParaTaa(DEFAULTS.paraTaa()).withDensity(DEFAULTS.density())
                .withTheta(DEFAULTS.theta()).withKappa(DEFAULTS.kappa()).withCap(DEFAULTS.cap()));
        assertEquals(DEFAULTS, SparseParaTaa.of(DEFAULTS.paraTaa()));
    }

    @Test
    void aModelThatTellsNothingOfX0SomewhereIsRefused() {
        NoiseLevel noise = new NoiseLevel(999, 0, 1);
        NoiseLevel middle = NoiseLevel.ofAlphaBar(500, 0.5);
        NoiseLevel clean = NoiseLevel.ofAlphaBar(0, 1);
        TriangularSystem fromNoise = system(Prediction.EPSILON, noise, middle, clean);
        String message = refusal(() -> DEFAULTS.requireSuits(fromNoise, 1));
        assertTrue(message.startsWith("alpha at time 999.0 0.0: must be above 0 for a model that predicts epsilon"),
                message);
        assertDoesNotThrow(() -> DEFAULTS.requireSuits(system(Prediction.VELOCITY, noise, middle, clean), 1));
        TriangularSystem beyond = system(Prediction.EPSILON, middle, clean, clean);
        refused("sigma of row 1 0.0: must be above 0 for sparse rounds: without noise the model tells nothing of x0",
                () -> DEFAULTS.requireSuits(beyond, 1));
        assertDoesNotThrow(() -> DEFAULTS.requireSuits(system(Prediction.SAMPLE, middle, clean, clean), 1));
        // Nobody asks there.
        assertDoesNotThrow(() -> DEFAULTS.requireSuits(system(Prediction.EPSILON, middle, clean), 1));
    }

    /** Every row follows from the output at the row before it. */
    private static TriangularSystem system(Prediction prediction, NoiseLevel... levels) {
        var rows = new TriangularSystem.Builder(levels[0], prediction);
        for (int i = 1; i < levels.length; i++) {
            rows.row(levels[i], i - 1).state(i - 1, 1).prediction(i - 1, 0.1);
        }
        return rows.build();
    }

    private static void refused(String message, Executable mistake) {
        assertEquals(message, refusal(mistake));
    }

    private static String refusal(Executable mistake) {
        return assertThrows(IllegalArgumentException.class, mistake).getMessage();
    }
}
