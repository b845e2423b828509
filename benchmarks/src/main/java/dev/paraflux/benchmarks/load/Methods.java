package dev.paraflux.benchmarks.load;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;

/** What clients ask for. */
final class Methods {
    /** The half of all requests, and each of the others an eighth. */
    private static final List<Method> MIX = List.of(new Sequential(), Picard.defaults(), new Sequential(),
            ParaTaa.defaults(), new Sequential(), Srds.defaults(), new Sequential(), Chords.ofCores(4));

    private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 1e-4, 0.02);

    private Methods() {}

    static Method mixed(int number) {
        return MIX.get(Math.floorMod(number, MIX.size()));
    }

    static TimeGrid grid(int steps) {
        return TimeGrid.of(SCHEDULE, steps, Spacing.TRAILING, 0, FinalAlpha.ONE);
    }
}
