package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings out of range: refused where they are made, in words that name the value and the range. */
class WindowSettingsTest {
    private static final ParaTaa DEFAULTS = ParaTaa.defaults();

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void countsBelowOneAreRefused(int count) {
        refused("window " + count + ": must be 1 or more", () -> DEFAULTS.withWindow(count));
        refused("order " + count + ": must be 1 or more", () -> DEFAULTS.withOrder(count));
        refused("maxRounds " + count + ": must be 1 or more", () -> DEFAULTS.withMaxRounds(count));
        refused("history " + count + ": must be 1 to 8", () -> DEFAULTS.withHistory(count));
        refused("steps of the first guess " + count + ": must be 1 or more", () -> FirstGuess.coarse(count));
        refused("window " + count + ": must be 1 or more", () -> Picard.defaults().withWindow(count));
        refused("maxRounds " + count + ": must be 1 or more", () -> Picard.defaults().withMaxRounds(count));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, Integer.MAX_VALUE})
    void historiesLongerThanEightAreRefused(int history) {
        refused("history " + history + ": must be 1 to 8", () -> DEFAULTS.withHistory(history));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void amountsThatAreNotFiniteOrBelowZeroAreRefused(double amount) {
        String range = " " + amount + ": must be 0 or more, and finite";
        refused("ridge" + range, () -> DEFAULTS.withRidge(amount));
        refused("absolute" + range, () -> Tolerance.residual(amount, 0));
        refused("relative" + range, () -> Tolerance.residual(0, amount));
        refused("tolerance" + range, () -> Tolerance.steps(amount));
        refused("distance" + range, () -> Tolerance.pixels(amount));
        refused("distance" + range, () -> Tolerance.values(amount));
    }

    @Test
    void missingSettingsAreRefused() {
        assertThrows(NullPointerException.class, () -> DEFAULTS.withFirstGuess(null));
        assertThrows(NullPointerException.class, () -> DEFAULTS.withUnrolling(null));
        assertThrows(NullPointerException.class, () -> DEFAULTS.withTolerance(null));
        assertThrows(NullPointerException.class, () -> Picard.defaults().withUnrolling(null));
        assertThrows(NullPointerException.class, () -> Picard.defaults().withTolerance(null));
    }

    @Test
    void theEndsOfTheRangesAreLegal() {
        assertDoesNotThrow(() -> DEFAULTS.withWindow(1).withOrder(1).withHistory(1).withRidge(0)
                .withTolerance(Tolerance.residual(0, 0))
                .withMaxRounds(1).withFirstGuess(FirstGuess.coarse(Integer.MAX_VALUE)));
        assertDoesNotThrow(() -> DEFAULTS.withWindow(ParaTaa.ALL).withOrder(ParaTaa.ALL).withHistory(8)
                .withRidge(Double.MAX_VALUE).withTolerance(Tolerance.residual(Double.MAX_VALUE, Double.MAX_VALUE))
                .withMaxRounds(ParaTaa.ALL));
        assertDoesNotThrow(() -> Picard.defaults().withWindow(1).withTolerance(Tolerance.steps(0)).withMaxRounds(1));
    }

    /** Each changes one setting, and no other. */
    @Test
    void settingsAreChangedOneByOne() {
        ParaTaa changed = DEFAULTS.withWindow(5).withOrder(6).withHistory(7).withRidge(8)
                .withTolerance(Tolerance.residual(9, 10)).withSafeguard(false).withFirstGuess(FirstGuess.coarse(11))
                .withMaxRounds(12)
                .withUnrolling(Unrolling.INTEGRATING_FACTOR);
        assertEquals(5, changed.window());
        assertEquals(6, changed.order());
        assertEquals(7, changed.history());
        assertEquals(8, changed.ridge());
        assertEquals(new Tolerance.Residual(9, 10), changed.tolerance());
        assertEquals(false, changed.safeguard());
        assertEquals(new FirstGuess.Rolled(11), changed.firstGuess());
        assertEquals(12, changed.maxRounds());
        assertEquals(Unrolling.INTEGRATING_FACTOR, changed.unrolling());
        assertEquals(DEFAULTS, changed.withWindow(DEFAULTS.window()).withOrder(DEFAULTS.order())
                .withHistory(DEFAULTS.history()).withRidge(DEFAULTS.ridge())
                .withTolerance(DEFAULTS.tolerance())
                .withSafeguard(DEFAULTS.safeguard()).withFirstGuess(DEFAULTS.firstGuess())
                .withMaxRounds(DEFAULTS.maxRounds()).withUnrolling(DEFAULTS.unrolling()));
    }

    @Test
    void settingsOfPicardAreChangedOneByOne() {
        Picard defaults = Picard.defaults();
        Picard changed = defaults.withWindow(5).withTolerance(Tolerance.values(6)).withUnrolling(Unrolling.GAUSSIAN)
                .withMaxRounds(7);
        assertEquals(new Picard(5, new Tolerance.Values(6), Unrolling.GAUSSIAN, 7), changed);
        assertEquals(defaults, changed.withWindow(defaults.window()).withTolerance(defaults.tolerance())
                .withUnrolling(defaults.unrolling()).withMaxRounds(defaults.maxRounds()));
    }

    private static void refused(String message, Executable mistake) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, mistake).getMessage());
    }
}
