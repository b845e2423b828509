package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseScheduleTest {
    private static final NoiseSchedule DDPM = NoiseSchedule.linear(1000, 1e-4, 0.02);
    private static final NoiseSchedule STABLE_DIFFUSION = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);

    /** Values of numpy.cumprod(1 - betas) in float64. */
    @Test
    void alphaBarsAreNumpys() {
        assertAlphaBars(DDPM, 0.9999, 0.9997800920720721, 0.07779665836502389, 4.035829765375676e-05);
        assertAlphaBars(STABLE_DIFFUSION, 0.99915, 0.9982960278384514, 0.2763326838229746, 0.004660098513077238);
        assertAlphaBars(NoiseSchedule.squaredCosine(1000), 0.999958715775178, 0.9999125759273678, 0.49228517244880304,
                2.4287669070348567e-09);
    }

    private static void assertAlphaBars(NoiseSchedule schedule, double at0, double at1, double at500, double at999) {
        assertEquals(at0, schedule.alphaBar(0), 1e-15);
        assertEquals(at1, schedule.alphaBar(1), 1e-15);
        assertEquals(at500, schedule.alphaBar(500), 1e-13 * at500);
        assertEquals(at999, schedule.alphaBar(999), 1e-11 * at999);
    }

    @Test
    void sigmasOfStableDiffusionAreTheKnownOnes() {
        NoiseLevel noisiest = STABLE_DIFFUSION.level(999);
        NoiseLevel cleanest = STABLE_DIFFUSION.level(0);
        assertEquals(14.6146, noisiest.sigma() / noisiest.alpha(), 5e-5);
        assertEquals(0.0292, cleanest.sigma() / cleanest.alpha(), 5e-5);
        assertEquals(999, noisiest.time());
    }

    @Test
    void anyBetasGiveTheirRunningProduct() {
        Random random = new Random(2);
        double[] betas = random.doubles(50, 1e-6, 0.5).toArray();
        NoiseSchedule schedule = NoiseSchedule.ofBetas(betas);
        betas[0] = 7; // the schedule has its own copy
        assertEquals(50, schedule.trainingSteps());
        Random again = new Random(2);
        double product = 1;
        int time = 0;
        for (double beta : again.doubles(50, 1e-6, 0.5).toArray()) {
            product *= 1 - beta;
            assertEquals(product, schedule.alphaBar(time));
            assertEquals(Math.sqrt(product), schedule.level(time).alpha());
            time++;
        }
    }

    @Test
    void cosineBetasAreCapped() {
        NoiseSchedule schedule = NoiseSchedule.squaredCosine(1000);
        assertEquals(0.001, schedule.alphaBar(999) / schedule.alphaBar(998), 1e-9);
    }

    static Stream<NoiseSchedule> schedules() {
        return Stream.of(DDPM, STABLE_DIFFUSION, NoiseSchedule.squaredCosine(1000), NoiseSchedule.linear(2, 0.1, 0.2),
                NoiseSchedule.linear(7, 0.3, 0.1), NoiseSchedule.ofBetas(0.5, 0.5, 1));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void rescalingEndsInNoiseAloneAndKeepsTheStart(NoiseSchedule schedule) {
        NoiseSchedule rescaled = schedule.zeroTerminalSnr();
        int last = schedule.trainingSteps() - 1;
        assertEquals(0, rescaled.alphaBar(last));
        assertEquals(new NoiseLevel(last, 0, 1), rescaled.level(last));
        assertEquals(schedule.alphaBar(0), rescaled.alphaBar(0), 1e-15);
        double first = Math.sqrt(schedule.alphaBar(0));
        double end = Math.sqrt(schedule.alphaBar(last));
        for (int time = 1; time <= last; time++) {
            assertTrue(rescaled.alphaBar(time) < rescaled.alphaBar(time - 1), "time " + time);
            double fraction = (first - Math.sqrt(schedule.alphaBar(time))) / (first - end);
            assertEquals(first * (1 - fraction), Math.sqrt(rescaled.alphaBar(time)), 1e-14);
        }
        assertEquals(rescaled, rescaled.zeroTerminalSnr());
    }

    /** Values of algorithm 1 of arXiv 2305.08891 in numpy. */
    @Test
    void rescaledStableDiffusionIsKnown() {
        NoiseSchedule rescaled = STABLE_DIFFUSION.zeroTerminalSnr();
        assertEquals(0.998233446, rescaled.alphaBar(1), 1e-9);
        assertEquals(0.241018783, rescaled.alphaBar(500), 1e-9);
        assertEquals(1.96788806e-07, rescaled.alphaBar(998), 1e-13);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 1000, 1001})
    void alphaBarsFallForEveryLength(int steps) {
        for (NoiseSchedule schedule : new NoiseSchedule[] {NoiseSchedule.linear(steps, 1e-4, 0.02),
                NoiseSchedule.scaledLinear(steps, 1e-4, 0.02), NoiseSchedule.squaredCosine(steps)}) {
            assertEquals(steps, schedule.trainingSteps());
            for (int time = 0; time < steps; time++) {
                double before = time == 0 ? 1 : schedule.alphaBar(time - 1);
                assertTrue(schedule.alphaBar(time) < before && schedule.alphaBar(time) > 0, "time " + time);
            }
        }
    }

    @Test
    void equalAlphaBarsMakeEqualSchedules() {
        assertEquals(DDPM, NoiseSchedule.linear(1000, 1e-4, 0.02));
        assertEquals(DDPM.hashCode(), NoiseSchedule.linear(1000, 1e-4, 0.02).hashCode());
        assertNotEquals(DDPM, STABLE_DIFFUSION);
        assertEquals("NoiseSchedule[2 training steps, alpha-bar 0.5 to 0.25]",
                NoiseSchedule.ofBetas(0.5, 0.5).toString());
    }

    static Stream<Arguments> misuse() {
        String between = ": must be above 0 and below 1";
        return Stream.of(
                refusal(() -> NoiseSchedule.linear(0, 0.1, 0.2), "training steps 0: must be 1 to 1000000"),
                refusal(() -> NoiseSchedule.linear(-5, 0.1, 0.2), "training steps -5: must be 1 to 1000000"),
                refusal(() -> NoiseSchedule.scaledLinear(1_000_001, 0.1, 0.2),
                        "training steps 1000001: must be 1 to 1000000"),
                refusal(() -> NoiseSchedule.squaredCosine(0), "training steps 0: must be 1 to 1000000"),
                refusal(NoiseSchedule::ofBetas, "training steps 0: must be 1 to 1000000"),
                refusal(() -> NoiseSchedule.linear(10, 0, 0.2), "betaStart 0.0" + between),
                refusal(() -> NoiseSchedule.linear(10, 0.1, 1), "betaEnd 1.0" + between),
                refusal(() -> NoiseSchedule.scaledLinear(10, -0.1, 0.2), "betaStart -0.1" + between),
                refusal(() -> NoiseSchedule.scaledLinear(10, 0.1, Double.NaN), "betaEnd NaN" + between),
                refusal(() -> NoiseSchedule.ofBetas(0.1, 0), "betas[1] 0.0: must be above 0, at most 1"),
                refusal(() -> NoiseSchedule.ofBetas(1.5), "betas[0] 1.5: must be above 0, at most 1"),
                refusal(() -> DDPM.alphaBar(-1), "time -1: must be 0 to 999"),
                refusal(() -> DDPM.level(1000), "time 1000: must be 0 to 999"),
                refusal(() -> NoiseSchedule.linear(1, 0.1, 0.1).zeroTerminalSnr(),
                        "training steps 1: must be 2 or more,"
                                + " the last one noisier than the first, for zero terminal SNR"));
    }

    private static Arguments refusal(Executable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest
    @MethodSource("misuse")
    void misuseIsRefused(Executable call, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
