package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/**
 * PNDM (Liu et al., arXiv 2202.09778, algorithm 2; diffusers' PNDMScheduler without skip_prk_steps): the first three steps
 * are of the pseudo Runge-Kutta method (equation 10), with stages half a stride of training steps away, the following ones
 * of the pseudo linear multistep method. N + 9 evaluations for N steps; for grids of a noise schedule with N of 4 or more.
 * {@link Plms} begins more cheaply.
 *
 * @param mixVelocities as in {@link Plms}
 */
public record Pndm(boolean mixVelocities) implements Solver {
    private static final int RUNGE_KUTTA_STEPS = 3;
    private static final int STAGES = 4;
    private static final double[] ONE = {1};
    private static final double[] RUNGE_KUTTA = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};

    /** Means of eps. */
    public Pndm() {
        this(false);
    }

    @Override
    public int leastSteps() {
        return RUNGE_KUTTA_STEPS + 1;
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        Require.that(grid.steps() >= leastSteps(), "steps of PNDM", grid.steps(),
                leastSteps() + " or more without skip_prk_steps");
        NoiseSchedule schedule = TrainedTimes.schedule(grid);
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        var step = new PndmStep(mixVelocities);
        int half = (int) Math.round(grid.level(0).time() - grid.end(1).time()) / 2;
        for (int i = 0; i < RUNGE_KUTTA_STEPS; i++) {
            int start = STAGES * i;
            NoiseLevel from = grid.level(i);
            NoiseLevel to = grid.level(i + 1);
            NoiseLevel before = schedule.level((int) Math.round(from.time()) - half);
            // The same level, but where the stride is odd or the steps are uneven.
            NoiseLevel middle = schedule.level((int) Math.round(to.time()) + half);
            step.write(rows.row(middle, start), start, from, before, ONE, start);
            step.write(rows.row(middle, start), start, from, middle, ONE, start + 1);
            step.write(rows.row(to, start), start, from, to, ONE, start + 2);
            step.write(rows.row(to, start), start, from, to, RUNGE_KUTTA, start, start + 1, start + 2, start + 3);
        }
        for (int i = RUNGE_KUTTA_STEPS + 1; i <= grid.steps(); i++) {
            int[] known = Arrays.stream(MultistepOrder.latest(grid, i - 1, Ipndm.ADAMS_BASHFORTH.length, grid.level(i),
                    NoiseLevel::ratio)).map(Pndm::row).toArray();
            step.write(rows.row(grid.level(i), row(i - 1)), row(i - 1), grid.level(i - 1), grid.end(i),
                    Ipndm.ADAMS_BASHFORTH[known.length - 1], known);
        }
        return rows.build();
    }

    /** The row that the step from a level starts at. */
    private static int row(int level) {
        return level < RUNGE_KUTTA_STEPS ? STAGES * level : (STAGES - 1) * RUNGE_KUTTA_STEPS + level;
    }
}
