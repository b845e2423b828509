package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErrorsTest {
    @Test
    void rootMeanSquareIsOverAllSamples() {
        assertEquals(Math.sqrt(14 / 3.0), Errors.rms(new double[] {9, 1, 4}), 1e-15);
        assertEquals(0, Errors.rms(new double[2]));
    }

    /** Falls 1 + d, 1 - d have the mean 1 and the standard error d: sqrt(2 d^2 / 1) / sqrt(2). */
    @Test
    void fallCountsIfItsMeanIsAboveItsStandardError() {
        for (double d : new double[] {0, 0.5, 0.99, 1.01, 3}) {
            assertEquals(d < 1, Errors.fell(new double[] {5 + d, 9 - d}, new double[] {4, 8}), "d = " + d);
        }
    }

    /** Falls 1, 1, 1, 1 + d, with the mean 1 + d / 4 and the standard error d / 4. */
    @Test
    void oneSampleThatFallsFarDoesNotOutweighTheOthersAlone() {
        assertTrue(Errors.fell(new double[] {1, 1, 1, 1000}, new double[4]));
        assertFalse(Errors.fell(new double[] {1, 1, 1, 1000}, new double[] {1.1, 1.1, 1.1, 0}));
    }

    @Test
    void whatStaysOrRisesDidNotFall() {
        double[] errors = {1, 2, 3};
        assertFalse(Errors.fell(errors, errors));
        assertFalse(Errors.fell(errors, new double[] {1.1, 2.1, 3.1}));
        assertTrue(Errors.fell(errors, new double[] {0.9, 1.9, 2.9}));
    }
}
