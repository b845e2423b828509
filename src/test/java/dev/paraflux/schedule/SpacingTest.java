package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpacingTest {
    @Test
    void leadingTimesAreKnown() {
        assertArrayEquals(new int[] {900, 800, 700, 600, 500, 400, 300, 200, 100, 0},
                Spacing.LEADING.times(1000, 10, 0));
        assertArrayEquals(new int[] {667, 334, 1}, Spacing.LEADING.times(1000, 3, 1));
        assertEnds(Spacing.LEADING.times(1000, 25, 1), 961, 921, 1);
        assertEnds(Spacing.LEADING.times(1000, 100, 1), 991, 981, 1);
        assertEnds(Spacing.LEADING.times(1000, 196, 1), 976, 971, 1);
        assertEnds(Spacing.LEADING.times(1000, 961, 1), 961, 960, 1);
        assertArrayEquals(new int[] {0}, Spacing.LEADING.times(1000, 1, 0));
    }

    @Test
    void trailingTimesAreKnown() {
        assertArrayEquals(new int[] {999, 899, 799, 699, 599, 499, 399, 299, 199, 99},
                Spacing.TRAILING.times(1000, 10, 0));
        assertArrayEquals(new int[] {999, 666, 332}, Spacing.TRAILING.times(1000, 3, 0));
        assertArrayEquals(new int[] {999}, Spacing.TRAILING.times(1000, 1, 0));
        // 1000, 937.5, 875, 812.5, ...: halves go to even, before 1 is taken off.
        assertArrayEquals(new int[] {999, 937, 874, 811, 749, 687, 624, 561, 499, 437, 374, 311, 249, 187, 124, 61},
                Spacing.TRAILING.times(1000, 16, 0));
        // numpy.arange gives 62 values here, the last of them -1; a grid has as many as were asked for.
        assertEnds(Spacing.TRAILING.times(1000, 61, 0), 999, 983, 15);
    }

    @Test
    void linspaceTimesAreKnown() {
        // 0, 249.75, 499.5, 749.25, 999
        assertArrayEquals(new int[] {999, 749, 500, 250, 0}, Spacing.LINSPACE.times(1000, 5, 0));
        assertArrayEquals(new int[] {999, 0}, Spacing.LINSPACE.times(1000, 2, 0));
        assertArrayEquals(new int[] {0}, Spacing.LINSPACE.times(1000, 1, 0));
        // 0, 2.5, 5: the half goes to even.
        assertArrayEquals(new int[] {5, 2, 0}, Spacing.LINSPACE.times(6, 3, 0));
    }

    private static void assertEnds(int[] times, int first, int second, int last) {
        assertArrayEquals(new int[] {first, second, last}, new int[] {times[0], times[1], times[times.length - 1]});
    }

    /** Digests of what numpy gives for 1, 2, ..., T steps, one after the other; trailing cut to the steps asked for. */
    @ParameterizedTest
    @CsvSource({"LEADING, 1000, -1932603138", "TRAILING, 1000, -751546411", "LINSPACE, 1000, 777466678",
            "LEADING, 999, 215146582",
            "TRAILING, 999, -1759639331", "LINSPACE, 999, -915640691", "LEADING, 50, 1037357847",
            "TRAILING, 50, 445271515",
            "LINSPACE, 50, -1233311539"})
    void timesAreNumpysForEveryNumberOfSteps(Spacing spacing, int trainingSteps, int digest) {
        int actual = 1;
        for (int steps = 1; steps <= trainingSteps; steps++) {
            for (int time : spacing.times(trainingSteps, steps, 0)) {
                actual = 31 * actual + time;
            }
        }
        assertEquals(digest, actual);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 999, 50, 7, 1})
    void timesAreTheExactOnesRounded(int trainingSteps) {
        for (int steps = 1; steps <= trainingSteps; steps++) {
            int[] trailing = Spacing.TRAILING.times(trainingSteps, steps, 0);
            int[] linspace = Spacing.LINSPACE.times(trainingSteps, steps, 0);
            for (int i = 0; i < steps; i++) {
                assertNearest(trailing[i] + 1, (long) trainingSteps * (steps - i), steps);
                if (steps > 1) {
                    assertNearest(linspace[i], (long) (trainingSteps - 1) * (steps - 1 - i), steps - 1);
                }
            }
        }
    }

    /** A half may go either way: numpy rounds what float64 made of it. */
    private static void assertNearest(long rounded, long numerator, int denominator) {
        assertTrue(Math.abs(2 * (rounded * denominator - numerator)) <= denominator,
                rounded + " for " + numerator + " / " + denominator);
    }

    @ParameterizedTest
    @EnumSource
    void timesFallAndStayInside(Spacing spacing) {
        for (int steps = 1; steps <= 1000; steps++) {
            int[] times = spacing.times(1000, steps, 0);
            assertEquals(steps, times.length);
            assertTrue(times[0] <= 999 && times[steps - 1] >= 0, steps + " steps");
            for (int i = 1; i < steps; i++) {
                assertTrue(times[i] < times[i - 1], steps + " steps, row " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TRAILING", "LINSPACE"})
    void offsetMovesLeadingTimesAlone(Spacing spacing) {
        assertArrayEquals(spacing.times(1000, 20, 0), spacing.times(1000, 20, 1));
    }

    @ParameterizedTest
    @EnumSource
    void badStepsAreRefused(Spacing spacing) {
        for (int steps : new int[] {0, -1, 1001}) {
            assertEquals("steps " + steps + ": must be 1 to 1000, the training steps",
                    assertThrows(IllegalArgumentException.class, () -> spacing.times(1000, steps, 0)).getMessage());
        }
        assertEquals("training steps 0: must be 1 or more",
                assertThrows(IllegalArgumentException.class, () -> spacing.times(0, 1, 0)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1000, 1, 0", "25, -1, 39", "25, 40, 39", "1, 1000, 999", "3, 400, 333"})
    void offsetThatLeavesTheTrainingStepsIsRefused(int steps, int offset, int largest) {
        assertEquals("steps_offset " + offset + ": must be 0 to " + largest + " for " + steps + " leading steps of 1000"
                + " training steps",
                assertThrows(IllegalArgumentException.class,
                        () -> Spacing.LEADING.times(1000, steps, offset)).getMessage());
        assertEquals(999, Spacing.LEADING.times(1000, steps, largest)[0]);
    }
}
