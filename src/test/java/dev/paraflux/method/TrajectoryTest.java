package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrajectoryTest {
    private static final TimeGrid GRID = TestGrids.linear(2);

    private static List<NoiseLevel> levels(int count) {
        return new ArrayList<>(IntStream.range(0, count).mapToObj(GRID::level).toList());
    }

    private static void refused(String message, List<NoiseLevel> levels, int values) {
        assertEquals(message, assertThrows(IllegalValueException.class,
                () -> new Trajectory(levels, new float[values])).getMessage());
    }

    @Test
    void valuesThatAreNoRowsAreRefused() {
        refused("number of levels 0: must be 2 or more", List.of(), 6);
        refused("number of levels 1: must be 2 or more", levels(1), 6);
        refused("number of values 0: must be a multiple of the 3 levels, above 0", levels(3), 0);
        refused("number of values 7: must be a multiple of the 3 levels, above 0", levels(3), 7);
    }

    @Test
    void levelsAreCopied() {
        List<NoiseLevel> levels = levels(3);
        Trajectory trajectory = new Trajectory(levels, new float[6]);
        levels.clear();
        assertEquals(2, trajectory.rows());
        assertEquals(2, trajectory.dim());
    }
}
