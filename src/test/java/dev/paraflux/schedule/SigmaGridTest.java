package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.Tolerances;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grids by noise ratio: variance preserving, variance exploding, and flow matching. */
class SigmaGridTest {
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 1500})
    void gridOfAScheduleHasTheSpacingsRatios(int steps) {
        double most = ratio(SCHEDULE.level(999));
        double least = ratio(SCHEDULE.level(0));
        for (SigmaSpacing spacing : new SigmaSpacing[] {SigmaSpacing.karras(), SigmaSpacing.exponential()}) {
            TimeGrid grid = TimeGrid.of(SCHEDULE, steps, spacing, FinalAlpha.ONE);
            double[] sigmas = spacing.sigmas(steps, least, most);
            assertEquals(steps, grid.steps());
            assertSame(SCHEDULE, grid.path());
            for (int row = 0; row < steps; row++) {
                NoiseLevel level = grid.level(row);
                assertEquals(1, ratio(level) / sigmas[row], Tolerances.COEFFICIENT, "row " + row);
                assertEquals(1, Math.hypot(level.alpha(), level.sigma()), Tolerances.COEFFICIENT, "row " + row);
                assertEquals(time(sigmas[row]), level.time(), 1e-8, "row " + row);
            }
            assertEquals(new NoiseLevel(0, 1, 0), grid.level(steps));
        }
    }

    @Test
    void gridThatKeepsTheFirstStepsNoiseEndsThere() {
        TimeGrid grid = TimeGrid.of(SCHEDULE, 10, SigmaSpacing.karras(), FinalAlpha.FIRST);
        assertEquals(10, grid.steps());
        assertEquals(0, grid.level(10).time());
        assertEquals(SCHEDULE.level(0).alpha(), grid.level(10).alpha(), Tolerances.COEFFICIENT);
        assertEquals(999, grid.level(0).time());
        assertEquals(SCHEDULE.level(999).alpha(), grid.level(0).alpha(), Tolerances.COEFFICIENT);
    }

    @Test
    void edmsGridIsItsSigmasAndZero() {
        TimeGrid grid = TimeGrid.edm(18, 0.002, 80, 7);
        double[] sigmas = SigmaSpacing.karras().sigmas(18, 0.002, 80);
        for (int row = 0; row < 18; row++) {
            assertEquals(new NoiseLevel(Math.log(sigmas[row]) / 4, 1, sigmas[row]), grid.level(row));
            assertEquals(grid.level(row), grid.path().at(sigmas[row]));
        }
        assertEquals(new NoiseLevel(0, 1, 0), grid.level(18));
        assertEquals(grid, TimeGrid.edm(18, 0.002, 80, 7));
    }

    @Test
    void anyRatiosAndTimesMakeAGrid() {
        TimeGrid grid = TimeGrid.of(NoisePath.varianceExploding(sigma -> 10 * sigma), 5, 2, 0.5);
        assertEquals(new NoiseLevel(50, 1, 5), grid.level(0));
        assertEquals(new NoiseLevel(5, 1, 0.5), grid.level(2));
        assertEquals(new NoiseLevel(10, 1, 1), grid.path().at(1));
    }

    /** Esser et al., equation 23, with tau from 1 to 0. */
    @ParameterizedTest
    @CsvSource({"1, 1", "4, 1", "28, 3", "28, 0.5", "50, 6.93"})
    void flowsGridIsShifted(int steps, double shift) {
        TimeGrid grid = TimeGrid.flow(steps, shift);
        assertEquals(steps, grid.steps());
        for (int row = 0; row <= steps; row++) {
            double tau = 1 - (double) row / steps;
            double shifted = shift * tau / (1 + (shift - 1) * tau);
            assertEquals(1 - shifted, grid.level(row).alpha(), Tolerances.COEFFICIENT, "alpha of row " + row);
            assertEquals(shifted, grid.level(row).sigma(), Tolerances.COEFFICIENT, "sigma of row " + row);
            assertEquals(1000 * shifted, grid.level(row).time(), 1000 * Tolerances.COEFFICIENT, "time of row " + row);
        }
        assertEquals(new NoiseLevel(1000, 0, 1), grid.level(0));
        assertEquals(new NoiseLevel(0, 1, 0), grid.level(steps));
    }

    @Test
    void flowsPathGoesThroughItsGrid() {
        TimeGrid grid = TimeGrid.flow(10, 3, 1);
        for (int row = 1; row < 10; row++) {
            NoiseLevel found = grid.path().at(ratio(grid.level(row)));
            assertEquals(grid.level(row).alpha(), found.alpha(), Tolerances.COEFFICIENT);
            assertEquals(grid.level(row).sigma(), found.sigma(), Tolerances.COEFFICIENT);
            assertEquals(found.sigma(), found.time());
        }
    }

    static Stream<Arguments> misuse() {
        SigmaSpacing spacing = SigmaSpacing.karras();
        NoisePath path = NoisePath.edm();
        double infinite = Double.POSITIVE_INFINITY;
        String steps = "steps 0: must be 1 or more";
        return Stream.of(
                refusal(steps, () -> TimeGrid.of(SCHEDULE, 0, spacing, FinalAlpha.ONE)),
                refusal(steps, () -> TimeGrid.of(SCHEDULE, 0, spacing, FinalAlpha.FIRST)),
                refusal(steps, () -> TimeGrid.edm(0, 0.002, 80, 7)),
                refusal(steps, () -> TimeGrid.flow(0, 1)),
                refusal("sigmaMax Infinity: must be above 0, and finite",
                        () -> TimeGrid.of(SCHEDULE.zeroTerminalSnr(), 5, spacing, FinalAlpha.ONE)),
                refusal("sigmaMin 80.0: must be above 0, and below sigmaMax, which is 80.0",
                        () -> TimeGrid.edm(5, 80, 80, 7)),
                refusal("rho -1.0: must be above 0, and finite", () -> TimeGrid.edm(5, 0.002, 80, -1)),
                refusal("shift 0.0: must be above 0, and finite", () -> TimeGrid.flow(5, 0)),
                refusal("shift NaN: must be above 0, and finite", () -> TimeGrid.flow(5, Double.NaN)),
                refusal("timeScale 0.0: must be above 0, and finite", () -> TimeGrid.flow(5, 1, 0)),
                refusal("sigma / alpha of row 1 2.0: must be below that of the row before, which is 2.0",
                        () -> TimeGrid.of(path, 2, 2, 0)),
                refusal("sigma / alpha of row 2 NaN: must be below that of the row before, which is 1.0",
                        () -> TimeGrid.of(path, 2, 1, Double.NaN)),
                refusal("sigma / alpha 0.0: must be above 0, and finite", () -> TimeGrid.of(path, 2, 0, -1)),
                refusal("sigma / alpha Infinity: must be above 0, and finite", () -> TimeGrid.of(path, infinite, 1)),
                refusal("sigma / alpha Infinity: must be above 0, and finite", () -> NoisePath.flow(1).at(infinite)),
                refusal("levels of a grid 1: must be 2 or more", () -> TimeGrid.of(path, 2)),
                refusal("levels of a grid 0: must be 2 or more", () -> TimeGrid.of(path)));
    }

    private static Arguments refusal(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("misuse")
    void misuseIsRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static double ratio(NoiseLevel level) {
        return level.sigma() / level.alpha();
    }

    /** diffusers' _sigma_to_t: linear in log sigma between the training steps. */
    private static double time(double sigma) {
        int low = 0;
        while (low < 998 && ratio(SCHEDULE.level(low + 1)) <= sigma) {
            low++;
        }
        double from = Math.log(ratio(SCHEDULE.level(low)));
        double to = Math.log(ratio(SCHEDULE.level(low + 1)));
        return low + Math.min(1, Math.max(0, (Math.log(sigma) - from) / (to - from)));
    }
}
