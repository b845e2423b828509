package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.TimeGrid;

/** The training steps of a grid, for solvers that are defined by them. */
final class TrainedTimes {
    private TrainedTimes() {}

    /**
     * The schedule that a grid was taken from.
     *
     * @throws IllegalValueException if it was taken from something else
     */
    static NoiseSchedule schedule(TimeGrid grid) {
        if (grid.path() instanceof NoiseSchedule schedule) {
            return schedule;
        }
        throw new IllegalValueException("path of the grid", grid.path(),
                "a NoiseSchedule for this solver, which counts in training steps");
    }
}
