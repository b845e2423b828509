package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefinedGridTest {
    static List<TimeGrid> grids() {
        return List.of(TestGrids.linear(5), TestGrids.zeroTerminalSnr(5), TestGrids.angles(4, 1.4),
                TimeGrid.edm(6, 0.002, 80, 7), TimeGrid.flow(5, 3), TimeGrid.flow(1, 1), TestGrids.linear(7).from(3),
                new TimeGrid(TestGrids.linear(7).levels().subList(0, 4)));
    }

    private static double angle(NoiseLevel level) {
        return Math.atan2(level.sigma(), level.alpha());
    }

    @ParameterizedTest
    @MethodSource("grids")
    void allRowsStayAndTheOnesBetweenAreAtEqualAngles(TimeGrid grid) {
        for (int parts : new int[] {1, 2, 3, 10}) {
            TimeGrid fine = grid.refined(parts);
            assertEquals(parts * grid.steps(), fine.steps());
            assertEquals(grid.path(), fine.path());
            for (int row = 0; row <= fine.steps(); row++) {
                NoiseLevel level = fine.level(row);
                if (row % parts == 0) {
                    assertEquals(grid.level(row / parts), level, "row " + row);
                } else {
                    double from = angle(grid.level(row / parts));
                    double to = angle(grid.level(row / parts + 1));
                    assertEquals(from + (to - from) * (row % parts) / parts, angle(level), 1e-9, "row " + row);
                    NoiseLevel onPath = grid.path().at(level.sigma() / level.alpha());
                    assertEquals(onPath.alpha(), level.alpha(), 1e-9, "row " + row);
                    assertEquals(onPath.time(), level.time(), 1e-6 * (1 + Math.abs(level.time())), "row " + row);
                }
            }
        }
    }

    @Test
    void onePartIsTheSameGrid() {
        grids().forEach(grid -> assertEquals(grid, grid.refined(1)));
    }

    /** Three quarters of the way, once by halves of halves. */
    @Test
    void refiningTwiceIsRefiningOnce() {
        TimeGrid once = TestGrids.linear(5).refined(4);
        TimeGrid twice = TestGrids.linear(5).refined(2).refined(2);
        for (int row = 0; row <= once.steps(); row++) {
            assertEquals(once.level(row).alpha(), twice.level(row).alpha(), Tolerances.COEFFICIENT);
            assertEquals(once.level(row).time(), twice.level(row).time(), 1e-8);
        }
    }

    @Test
    void equalNeighboursStayEqual() {
        NoiseLevel level = NoiseLevel.ofAlphaBar(5, 0.3);
        assertEquals(Collections.nCopies(7, level), new TimeGrid(List.of(level, level, level)).refined(3).levels());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void partsBelowOneAreRefused(int parts) {
        assertEquals("parts of a step " + parts + ": must be 1 or more",
                assertThrows(IllegalArgumentException.class, () -> TestGrids.linear(3).refined(parts)).getMessage());
    }
}
