package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimeGridTest {
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 1e-4, 0.02);

    @Test
    void gridHoldsTheScheduleAtTheTimesAndTheSampleAtItsEnd() {
        TimeGrid grid = TimeGrid.of(SCHEDULE, 25, Spacing.LEADING, 1, FinalAlpha.FIRST);
        assertEquals(25, grid.steps());
        assertEquals(26, grid.levels().size());
        for (int row = 0; row < 25; row++) {
            assertEquals(SCHEDULE.level(961 - 40 * row), grid.level(row));
        }
        assertEquals(NoiseLevel.ofAlphaBar(0, SCHEDULE.alphaBar(0)), grid.level(25));
        assertEquals(new NoiseLevel(0, 1, 0),
                TimeGrid.of(SCHEDULE, 25, Spacing.LEADING, 1, FinalAlpha.ONE).level(25));
    }

    @ParameterizedTest
    @EnumSource
    void everyGridIsLegal(Spacing spacing) {
        for (NoiseSchedule schedule : new NoiseSchedule[] {SCHEDULE, SCHEDULE.zeroTerminalSnr(),
                NoiseSchedule.squaredCosine(1000)}) {
            for (int steps : new int[] {1, 2, 3, 10, 61, 196, 961, 1000}) {
                for (FinalAlpha finalAlpha : FinalAlpha.values()) {
                    TimeGrid grid = TimeGrid.of(schedule, steps, spacing, 0, finalAlpha);
                    for (int row = 1; row <= steps; row++) {
                        assertTrue(grid.level(row).logSnr() >= grid.level(row - 1).logSnr(), "row " + row);
                    }
                }
            }
        }
    }

    @Test
    void levelsAreCopied() {
        List<NoiseLevel> levels = new ArrayList<>(List.of(new NoiseLevel(1, 0, 1), new NoiseLevel(0, 1, 0)));
        TimeGrid grid = new TimeGrid(levels);
        levels.clear();
        assertEquals(1, grid.steps());
        assertThrows(UnsupportedOperationException.class, () -> grid.levels().clear());
        assertThrows(IndexOutOfBoundsException.class, () -> grid.level(2));
    }

    @Test
    void equalNeighboursAreLegal() {
        NoiseLevel level = NoiseLevel.ofAlphaBar(5, 0.3);
        assertEquals(2, new TimeGrid(List.of(level, level, level)).steps());
        NoiseLevel noise = new NoiseLevel(5, 0, 1);
        assertEquals(2, new TimeGrid(List.of(noise, noise, level)).steps());
    }

    @Test
    void levelsInKarrasScalingAreLegal() {
        assertEquals(2, new TimeGrid(List.of(new NoiseLevel(0, 1, 80), new NoiseLevel(0, 1, 2),
                new NoiseLevel(0, 1, 0))).steps());
    }

    /** As in diffusers' get_timesteps: int(steps * strength), which cuts 28.999999999999996 off to 28. */
    @ParameterizedTest
    @CsvSource({"25, 0.6, 15", "25, 1, 25", "10, 0.15, 1", "10, 0.1, 1", "10, 0.99, 9", "100, 0.29, 28", "1, 1, 1"})
    void strengthTakesTheLastSteps(int steps, double strength, int taken) {
        TimeGrid grid = TimeGrid.of(SCHEDULE, steps, Spacing.TRAILING, 0, FinalAlpha.ONE);
        assertEquals(grid.from(steps - taken), grid.strength(strength));
        assertEquals(taken, grid.strength(strength).steps());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -0.1     | strength -0.1: must be above 0, to 1
            1.001    | strength 1.001: must be above 0, to 1
            NaN      | strength NaN: must be above 0, to 1
            0        | strength 0.0: must be above 0, to 1
            """)
    void strengthThatLeavesNoStepIsRefused(double strength, String message) {
        TimeGrid grid = TimeGrid.of(SCHEDULE, 25, Spacing.TRAILING, 0, FinalAlpha.ONE);
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> grid.strength(strength)).getMessage());
    }

    @Test
    void misuseIsRefused() {
        NoiseLevel noisy = new NoiseLevel(9, 1, 2);
        NoiseLevel clean = new NoiseLevel(0, 1, 0);
        refused("levels of a grid 1: must be 2 or more", noisy);
        refused("levels of a grid 0: must be 2 or more");
        refused("sigma of row 1 0.0: must be above 0 in all rows but the last", noisy, clean, clean);
        refused("log-SNR of row 1 " + new NoiseLevel(0, 1, 4).logSnr()
                + ": must be no lower than that of the row before, which"
                + " is " + noisy.logSnr(), noisy, new NoiseLevel(0, 1, 4), clean);
        refused("log-SNR of row 1 -Infinity: must be no lower than that of the row before, which is " + noisy.logSnr(),
                noisy,
                new NoiseLevel(0, 0, 1));
    }

    /** Else the steps would be others than were asked for. */
    @Test
    void pathsThatAnswerForAnotherRatioAreRefused() {
        String asked = "level of the path at sigma / alpha 2.0 ";
        String legal = ": must be one of this sigma / alpha";
        for (NoiseLevel answer : new NoiseLevel[] {null, new NoiseLevel(0, 1, 1), new NoiseLevel(0, 2, 4.1),
                new NoiseLevel(0, 0, 1)}) {
            NoisePath path = ratio -> answer;
            assertEquals(asked + answer + legal,
                    assertThrows(IllegalArgumentException.class, () -> TimeGrid.of(path, 2, 1)).getMessage());
            TimeGrid grid = new TimeGrid(List.of(new NoiseLevel(1, 1, 3), new NoiseLevel(0, 1, 1)), path);
            assertThrows(IllegalArgumentException.class, () -> grid.refined(2));
        }
        assertEquals(2, TimeGrid.of(ratio -> new NoiseLevel(0, 2, 2 * ratio), 2, 1, 0).steps());
    }

    private static void refused(String message, NoiseLevel... levels) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> new TimeGrid(List.of(levels))).getMessage());
    }

    @Test
    void stepsEndAtTheNextRowUnlessToldOtherwise() {
        NoiseLevel noisy = new NoiseLevel(900, 0.2, 0.9);
        NoiseLevel middle = new NoiseLevel(500, 0.6, 0.8);
        NoiseLevel end = new NoiseLevel(480, 0.65, 0.76);
        NoiseLevel last = NoiseLevel.ofAlphaBar(0, 1);
        TimeGrid plain = new TimeGrid(List.of(noisy, middle, last));
        assertEquals(List.of(middle, last), plain.ends());
        TimeGrid grid = new TimeGrid(List.of(noisy, middle, last), plain.path(), List.of(end, last));
        assertEquals(end, grid.end(1));
        assertEquals(middle, grid.level(1));
        assertEquals(List.of(last), grid.from(1).ends());
        assertEquals(grid, grid.from(0));
        assertEquals("number of values of ends 1: must be 2", assertThrows(IllegalArgumentException.class,
                () -> new TimeGrid(plain.levels(), plain.path(), List.of(end))).getMessage());
        String message = assertThrows(IllegalArgumentException.class,
                () -> new TimeGrid(plain.levels(), plain.path(), List.of(end, noisy))).getMessage();
        assertTrue(message.startsWith("end of step 2 NoiseLevel") && message.contains("must be no noisier"), message);
    }

    @Test
    void levelsOutOfOrderByARoundingAreEqual() {
        NoiseLevel level = new NoiseLevel(500, 0.6, 0.8);
        NoiseLevel noisier = new NoiseLevel(500, 0.6, 0.8 * (1 + 1e-15));
        assertEquals(3, new TimeGrid(List.of(level, noisier, level, NoiseLevel.ofAlphaBar(0, 1))).steps());
        NoiseLevel much = new NoiseLevel(500, 0.6, 0.8 * (1 + 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new TimeGrid(List.of(level, much)));
    }
}
