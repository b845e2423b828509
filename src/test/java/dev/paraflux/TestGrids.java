package dev.paraflux;

import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;

/** Grids for tests. */
public final class TestGrids {
    private static final NoiseSchedule LINEAR = NoiseSchedule.linear(1000, 1e-4, 0.02);

    private TestGrids() {}

    /** DDPM's schedule. */
    public static TimeGrid linear(int steps) {
        return TimeGrid.of(LINEAR, steps, Spacing.TRAILING, 0, FinalAlpha.ONE);
    }

    /** DDPM's schedule, shifted so that row 0 is noise alone. */
    public static TimeGrid zeroTerminalSnr(int steps) {
        return TimeGrid.of(LINEAR.zeroTerminalSnr(), steps, Spacing.TRAILING, 0, FinalAlpha.ONE);
    }

    /**
     * Levels (cos, sin) of equal angles, from an angle below pi / 2 down to 0. Times are not rounded to training steps,
     * as they are on a schedule's grid, so that a solver's error depends on nothing but the number of steps; and alpha
     * stays well above 0, so that no division by it enlarges a rounding.
     */
    public static TimeGrid angles(int steps, double first) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            double angle = first * (steps - i) / steps;
            levels.add(new NoiseLevel(1000 * angle, Math.cos(angle), Math.sin(angle)));
        }
        return new TimeGrid(levels);
    }
}
