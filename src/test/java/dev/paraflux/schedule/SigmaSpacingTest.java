package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.Tolerances;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SigmaSpacingTest {
    @Test
    void sigmasOfEdmAreTheKnownOnes() {
        double[] sigmas = SigmaSpacing.karras().sigmas(18, 0.002, 80);
        assertEquals(18, sigmas.length);
        assertEquals(80, sigmas[0]);
        assertEquals(57.586, sigmas[1], 5e-4);
        assertEquals(40.786, sigmas[2], 5e-4);
        assertEquals(0.002, sigmas[17]);
    }

    /** Karras et al., equation 5: (max^(1/rho) + i / (N - 1) (min^(1/rho) - max^(1/rho)))^rho. */
    @ParameterizedTest
    @CsvSource({"2, 0.002, 80, 7", "18, 0.002, 80, 7", "50, 0.03, 14.6, 7", "10, 0.1, 3, 1", "10, 0.1, 3, 0.5"})
    void karrasIsEquationFive(int count, double min, double max, double rho) {
        double[] sigmas = SigmaSpacing.karras(rho).sigmas(count, min, max);
        for (int i = 0; i < count; i++) {
            double root = Math.pow(max, 1 / rho) * (count - 1 - i) / (count - 1)
                    + Math.pow(min, 1 / rho) * i / (count - 1);
            assertEquals(1, sigmas[i] / Math.pow(root, rho), Tolerances.COEFFICIENT, "sigma " + i);
        }
    }

    /** diffusers: exp(linspace(log max, log min, N)), which is also lambda in equal distances. */
    @ParameterizedTest
    @CsvSource({"2, 0.002, 80", "18, 0.002, 80", "50, 0.03, 14.6"})
    void exponentialHasEqualDistancesInLambda(int count, double min, double max) {
        double[] sigmas = SigmaSpacing.exponential().sigmas(count, min, max);
        for (int i = 0; i < count; i++) {
            double expected = max * Math.pow(min / max, (double) i / (count - 1));
            assertEquals(1, sigmas[i] / expected, Tolerances.COEFFICIENT, "sigma " + i);
        }
    }

    /** scipy 1.17.1: beta.ppf(1 - linspace(0, 1, 10), 0.6, 0.6). */
    @Test
    void betaHasQuantiles() {
        double[] quantiles = {1.0, 0.9529081824509575, 0.8543989028585846, 0.7245867092223766, 0.5768252368393632,
                0.42317476316063685, 0.2754132907776235, 0.14560109714141556, 0.047091817549042465, 0.0};
        double[] sigmas = SigmaSpacing.beta().sigmas(10, 0.5, 2.5);
        for (int i = 0; i < quantiles.length; i++) {
            assertEquals(0.5 + 2 * quantiles[i], sigmas[i], 1e-14, "sigma " + i);
        }
    }

    @Test
    void oneSigmaIsTheLargest() {
        assertArrayEquals(new double[] {80}, SigmaSpacing.beta().sigmas(1, 0.002, 80));
        assertArrayEquals(new double[] {80}, SigmaSpacing.karras().sigmas(1, 0.002, 80));
        assertArrayEquals(new double[] {80}, SigmaSpacing.exponential().sigmas(1, 0.002, 80));
    }

    static Stream<Arguments> misuse() {
        SigmaSpacing spacing = SigmaSpacing.karras();
        String below = ": must be above 0, and below sigmaMax, which is ";
        return Stream.of(
                Arguments.of("rho 0.0: must be above 0, and finite", (Executable) () -> SigmaSpacing.karras(0)),
                Arguments.of("rho NaN: must be above 0, and finite",
                        (Executable) () -> SigmaSpacing.karras(Double.NaN)),
                Arguments.of(
                        "rho 0.001: must be such that sigmaMax^(1/rho) is above 0 and finite; with sigmaMax 80.0 it is"
                                + " Infinity",
                        (Executable) () -> SigmaSpacing.karras(1e-3).sigmas(5, 0.002, 80)),
                Arguments.of(
                        "rho 1.0E-4: must be such that sigmaMax^(1/rho) is above 0 and finite; with sigmaMax 0.5 it is"
                                + " 0.0",
                        (Executable) () -> SigmaSpacing.karras(1e-4).sigmas(5, 0.002, 0.5)),
                Arguments.of("sigmas 0: must be 1 or more", (Executable) () -> spacing.sigmas(0, 1, 2)),
                Arguments.of("sigmaMax Infinity: must be above 0, and finite",
                        (Executable) () -> spacing.sigmas(5, 1, Double.POSITIVE_INFINITY)),
                Arguments.of("sigmaMin 0.0" + below + "2.0", (Executable) () -> spacing.sigmas(5, 0, 2)),
                Arguments.of("sigmaMin 2.0" + below + "2.0", (Executable) () -> spacing.sigmas(5, 2, 2)),
                Arguments.of("sigmaMin NaN" + below + "2.0", (Executable) () -> spacing.sigmas(5, Double.NaN, 2)));
    }

    @ParameterizedTest
    @MethodSource("misuse")
    void misuseIsRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
