package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.schedule.Prediction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each solver's global error falls with the power of the number of steps that its paper claims. */
class ConvergenceOrderTest {
    private static final double SLACK = 0.2;

    @ParameterizedTest
    @EnumSource
    void ddimIsOfFirstOrder(Prediction prediction) {
        assertEquals(1, MixtureTruth.order(new Ddim(), prediction, 80, 320), SLACK);
    }
}
