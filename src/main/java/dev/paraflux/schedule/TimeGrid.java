package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The noise levels a sample passes through: row 0 the noisiest, row N the sample.
 *
 * <p>The model is evaluated at rows 0 to N - 1; row N's time is never used.
 *
 * @param levels N + 1 levels, 2 or more. Their log signal-to-noise ratio never falls, though neighbours may be equal;
 *               sigma is above 0 in all rows but the last
 */
public record TimeGrid(List<NoiseLevel> levels) {
    /** Copies and checks the levels. */
    public TimeGrid {
        levels = List.copyOf(levels);
        if (levels.size() < 2) {
            throw new IllegalArgumentException("a grid of " + levels.size() + " levels, legal: 2 or more");
        }
        for (int i = 0; i < levels.size(); i++) {
            NoiseLevel level = levels.get(i);
            if (level.sigma() == 0 && i < levels.size() - 1) {
                throw new IllegalArgumentException(
                        "row " + i + " has sigma = 0, legal: more than 0 in all rows but the last");
            }
            // alpha / sigma < alpha' / sigma' of the row before, without the division by 0.
            if (i > 0 && level.alpha() * levels.get(i - 1).sigma() < levels.get(i - 1).alpha() * level.sigma()) {
                throw new IllegalArgumentException("row " + i + " has log-SNR " + level.logSnr() + " after "
                        + levels.get(i - 1).logSnr() + ", legal: no lower than the row before");
            }
        }
    }

    /**
     * The grid of a schedule.
     *
     * <p>Every step goes from a time of the grid to the next. diffusers' DDIM goes from t to t - T / N rounded down,
     * which is another time where TRAILING or LINSPACE have T / N with a fraction, or where the offset exceeds it.
     *
     * @param schedule   of T training steps
     * @param steps      N, 1 to T
     * @param spacing    which training steps
     * @param offset     see {@link Spacing#times}
     * @param finalAlpha the noise left in the sample
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static TimeGrid of(NoiseSchedule schedule, int steps, Spacing spacing, int offset, FinalAlpha finalAlpha) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int time : spacing.times(schedule.trainingSteps(), steps, offset)) {
            levels.add(schedule.level(time));
        }
        levels.add(switch (finalAlpha) {
            case ONE -> NoiseLevel.ofAlphaBar(0, 1);
            case FIRST -> schedule.level(0);
        });
        return new TimeGrid(levels);
    }

    /** The number N of steps, and of model evaluations of a one-stage solver. */
    public int steps() {
        return levels.size() - 1;
    }

    /**
     * The level of a row.
     *
     * @param row 0 (noisiest) to N (the sample)
     * @throws IndexOutOfBoundsException if it is outside
     */
    public NoiseLevel level(int row) {
        return levels.get(row);
    }
}
