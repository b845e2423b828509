package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The grids of diffusers' classes that count in whole training steps: DDIM, DDPM, PNDM and CogVideoX's.
 *
 * @param schedule   the training noise, of T steps
 * @param spacing    which training steps a grid visits
 * @param offset     added to the times of {@link Spacing#LEADING}
 * @param finalAlpha the level of times below 0
 * @param strides    whether N steps go from t to t - T / N, rounded down, wherever the next time is; else to the next one
 */
record SteppedGrid(NoiseSchedule schedule, Spacing spacing, int offset, FinalAlpha finalAlpha, boolean strides)
        implements
            GridSettings {
    @Override
    public TimeGrid grid(int steps) {
        int[] times = spacing.times(schedule.trainingSteps(), steps, offset);
        int stride = schedule.trainingSteps() / steps;
        List<NoiseLevel> levels = new ArrayList<>();
        List<NoiseLevel> ends = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            levels.add(schedule.level(times[i]));
            int to = strides ? times[i] - stride : i + 1 < steps ? times[i + 1] : -1;
            ends.add(to >= 0 ? schedule.level(to) : finalAlpha.level(schedule));
        }
        levels.add(ends.get(steps - 1));
        return new TimeGrid(levels, schedule, ends);
    }
}
