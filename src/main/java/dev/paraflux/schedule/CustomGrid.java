package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The grid of custom steps where nothing else of a class tells: of DDPM, LCM, TCD, and on the project's own terms. Every step
 * goes to the next one.
 *
 * @param schedule the training noise
 * @param custom   training steps, or sigmas that end with the sample's
 * @param last     the level of the sample where it is not among them
 */
record CustomGrid(NoiseSchedule schedule, CustomSteps custom, FinalAlpha last) implements GridSettings {
    @Override
    public TimeGrid grid(int steps) {
        if (custom.kind() == CustomSteps.Kind.SIGMAS) {
            return TimeGrid.of(schedule, custom.of(steps, true));
        }
        List<NoiseLevel> levels = new ArrayList<>();
        for (double time : custom.of(steps, false)) {
            levels.add(schedule.level((int) time));
        }
        levels.add(last.level(schedule));
        return new TimeGrid(levels, schedule);
    }
}
