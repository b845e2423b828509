package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import java.util.ArrayList;
import java.util.List;

/**
 * The grids of diffusers' LCM and TCD: N of the times that the model was distilled at, evenly, from the noisiest on.
 *
 * @param schedule      the training noise, of T steps
 * @param originalSteps how many times the model was distilled at
 * @param last          the level of the sample
 */
record ConsistencyGrid(NoiseSchedule schedule, int originalSteps, FinalAlpha last) implements GridSettings {
    @Override
    public TimeGrid grid(int steps) {
        if (steps < 1 || steps > originalSteps) {
            throw new IllegalValueException("steps", steps, "1 to " + originalSteps + ", the original_inference_steps");
        }
        int stride = schedule.trainingSteps() / originalSteps;
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            int skipped = (int) (i * ((double) originalSteps / steps));
            levels.add(schedule.level((originalSteps - skipped) * stride - 1));
        }
        levels.add(last.level(schedule));
        return new TimeGrid(levels, schedule);
    }
}
