package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    @CsvSource(delimiter = ';', value = {"NaN; 1; 1; time = NaN, legal: finite",
            "Infinity; 1; 1; time = Infinity, legal: finite", "0; NaN; 1; alpha = NaN, legal: finite, 0 or more",
            "0; -0.5; 1; alpha = -0.5, legal: finite, 0 or more", "0; 1; -1; sigma = -1.0, legal: finite, 0 or more",
            "0; 1; Infinity; sigma = Infinity, legal: finite, 0 or more",
            "0; 0; 0; alpha and sigma are both 0, legal: one of them above 0"})
    void badNumbersAreRefused(double time, double alpha, double sigma, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> new NoiseLevel(time, alpha, sigma)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, 1.0000001, Double.NaN})
    void badAlphaBarIsRefused(double alphaBar) {
        assertEquals("alphaBar = " + alphaBar + ", legal: 0 to 1", assertThrows(IllegalArgumentException.class,
                () -> NoiseLevel.ofAlphaBar(0, alphaBar)).getMessage());
    }
}
