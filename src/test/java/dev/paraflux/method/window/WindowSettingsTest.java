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
        refused("window " + count + ": must be 1 or more", () -> new Picard(count, 0.1, 10));
        refused("maxRounds " + count + ": must be 1 or more", () -> new Picard(10, 0.1, count));
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
        refused("absoluteTolerance" + range, () -> DEFAULTS.withTolerances(amount, 0));
        refused("relativeTolerance" + range, () -> DEFAULTS.withTolerances(0, amount));
        refused("tolerance" + range, () -> new Picard(10, amount, 10));
    }

    @Test
    void missingSettingsAreRefused() {
        assertThrows(NullPointerException.class, () -> DEFAULTS.withFirstGuess(null));
        assertThrows(NullPointerException.class, () -> DEFAULTS.withUnrolling(null));
    }

    @Test
    void theEndsOfTheRangesAreLegal() {
        assertDoesNotThrow(() -> DEFAULTS.withWindow(1).withOrder(1).withHistory(1).withRidge(0).withTolerances(0, 0)
                .withMaxRounds(1).withFirstGuess(FirstGuess.coarse(Integer.MAX_VALUE)));
        assertDoesNotThrow(() -> DEFAULTS.withWindow(ParaTaa.ALL).withOrder(ParaTaa.ALL).withHistory(8)
                .withRidge(Double.MAX_VALUE).withTolerances(Double.MAX_VALUE, Double.MAX_VALUE)
                .withMaxRounds(ParaTaa.ALL));
        assertDoesNotThrow(() -> new Picard(1, 0, 1));
    }

    /** Each changes one setting, and no other. */
    @Test
    void settingsAreChangedOneByOne() {
        ParaTaa changed = DEFAULTS.withWindow(5).withOrder(6).withHistory(7).withRidge(8).withTolerances(9, 10)
                .withSafeguard(false).withFirstGuess(FirstGuess.coarse(11)).withMaxRounds(12)
                .withUnrolling(Unrolling.INTEGRATING_FACTOR);
        assertEquals(5, changed.window());
        assertEquals(6, changed.order());
        assertEquals(7, changed.history());
        assertEquals(8, changed.ridge());
        assertEquals(9, changed.absoluteTolerance());
        assertEquals(10, changed.relativeTolerance());
        assertEquals(false, changed.safeguard());
        assertEquals(new FirstGuess.Rolled(11), changed.firstGuess());
        assertEquals(12, changed.maxRounds());
        assertEquals(Unrolling.INTEGRATING_FACTOR, changed.unrolling());
        assertEquals(DEFAULTS, changed.withWindow(DEFAULTS.window()).withOrder(DEFAULTS.order())
                .withHistory(DEFAULTS.history()).withRidge(DEFAULTS.ridge())
                .withTolerances(DEFAULTS.absoluteTolerance(), DEFAULTS.relativeTolerance())
                .withSafeguard(DEFAULTS.safeguard()).withFirstGuess(DEFAULTS.firstGuess())
                .withMaxRounds(DEFAULTS.maxRounds()).withUnrolling(DEFAULTS.unrolling()));
    }

    private static void refused(String message, Executable mistake) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, mistake).getMessage());
    }
}
