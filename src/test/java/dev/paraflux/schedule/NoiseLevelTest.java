package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseLevelTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-12, 0.25, 0.36, 0.999, 1})
    void alphaBarGivesAlphaAndSigma(double alphaBar) {
        NoiseLevel level = NoiseLevel.ofAlphaBar(17, alphaBar);
        assertEquals(17, level.time());
        assertEquals(alphaBar, level.alpha() * level.alpha(), 1e-15);
        assertEquals(1 - alphaBar, level.sigma() * level.sigma(), 1e-15);
        assertEquals(Math.log(alphaBar) - Math.log(1 - alphaBar), level.logSnr(), 1e-12);
    }

    @Test
    void logSnrReachesItsEnds() {
        assertEquals(Double.NEGATIVE_INFINITY, new NoiseLevel(0, 0, 1).logSnr());
        assertEquals(Double.POSITIVE_INFINITY, new NoiseLevel(0, 1, 0).logSnr());
        assertEquals(-2 * Math.log(80), new NoiseLevel(0, 1, 80).logSnr(), 1e-15);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"NaN; 1; 1; time NaN: must be finite",
            "Infinity; 1; 1; time Infinity: must be finite", "0; NaN; 1; alpha NaN: must be 0 or more, and finite",
            "0; -0.5; 1; alpha -0.5: must be 0 or more, and finite",
            "0; 1; -1; sigma -1.0: must be 0 or more, and finite",
            "0; 1; Infinity; sigma Infinity: must be 0 or more, and finite",
            "0; 0; 0; alpha and sigma 0: must be one of them above 0"})
    void badNumbersAreRefused(double time, double alpha, double sigma, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> new NoiseLevel(time, alpha, sigma)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, 1.0000001, Double.NaN})
    void badAlphaBarIsRefused(double alphaBar) {
        assertEquals("alphaBar " + alphaBar + ": must be 0 to 1", assertThrows(IllegalArgumentException.class,
                () -> NoiseLevel.ofAlphaBar(0, alphaBar)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1e-16, true", "1e-12, true", "1e-10, true", "1e-8, false", "1e-3, false"})
    void roundingsMakeNoOtherLevel(double distance, boolean same) {
        for (NoiseLevel level : List.of(new NoiseLevel(5, 0.6, 0.8), new NoiseLevel(0, 1, 80),
                new NoiseLevel(1, 1e-9, 1),
                new NoiseLevel(1, 1, 1e-9))) {
            NoiseLevel other = new NoiseLevel(7, level.alpha(), level.sigma() * (1 + distance));
            assertEquals(same, level.sameAs(other));
            assertEquals(same, other.sameAs(level));
            other = new NoiseLevel(7, level.alpha() * (1 + distance), level.sigma());
            assertEquals(same, level.sameAs(other));
            assertFalse(level.sameTimeAs(other));
            assertTrue(level.sameTimeAs(new NoiseLevel(level.time() * (1 + 1e-13), 1, 1)));
        }
    }

    @Test
    void theEndsAreTheSameAsThemselvesOnly() {
        NoiseLevel noise = new NoiseLevel(999, 0, 1);
        NoiseLevel sample = new NoiseLevel(0, 1, 0);
        assertTrue(noise.sameAs(new NoiseLevel(998, 0, 1)));
        assertFalse(noise.sameAs(new NoiseLevel(999, 1e-12, 1)));
        assertFalse(sample.sameAs(new NoiseLevel(0, 1, 1e-12)));
        assertEquals(Double.POSITIVE_INFINITY, noise.ratio());
        assertEquals(0, sample.ratio());
        assertEquals(0, noise.noiseScaleTo(noise));
    }
}
