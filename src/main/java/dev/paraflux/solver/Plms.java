package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/**
 * PLMS, the pseudo linear multistep method of fourth order (Liu et al., arXiv 2202.09778, equations 9 and 12) as the
 * samplers of latent diffusion start it (diffusers' PNDMScheduler with skip_prk_steps): the first step is Heun's in
 * DDIM's form, with the mean of the eps at both of its ends; the following ones are those of {@link Ipndm}, whose list
 * of eps leaves out that of the first stage. N + 1 evaluations for N steps; for any number of steps.
 *
 * <p>Unlike {@link Ipndm} it looks back in a step to sigma = 0, too, and overshoots there with few steps: a grid that
 * leaves the noise of training step 0 in the sample, as that scheduler's does, suits it better. Levels with alpha = 0
 * are refused where there is more than one step.
 *
 * @param mixVelocities whether the mean is of the velocities that the model tells and not of its eps, as diffusers does for
 *                      a model that predicts v: see {@link PndmStep}
 */
public record Plms(boolean mixVelocities) implements Solver {
    private static final double[] ONE = {1};
    private static final double[] MEAN_OF_ENDS = {1 / 2.0, 1 / 2.0};

    /** Means of eps. */
    public Plms() {
        this(false);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        var step = new PndmStep(mixVelocities);
        step.write(rows.row(grid.level(1), 0), 0, grid.level(0), grid.end(1), ONE, 0);
        if (grid.steps() == 1) {
            return rows.build();
        }
        // The eps of the stage, row 1, counts once, and where the step begins, row 0, it has the other half.
        step.write(rows.row(grid.level(1), 0), 0, firstStart(grid), grid.level(1), MEAN_OF_ENDS, 0, 1);
        for (int i = 2; i <= grid.steps(); i++) {
            // The corrected row of level j > 0 is j + 1.
            int[] known = Arrays.stream(MultistepOrder.latest(grid, i - 1, Ipndm.ADAMS_BASHFORTH.length, grid.level(i),
                    NoiseLevel::ratio)).map(level -> level == 0 ? 0 : level + 1).toArray();
            step.write(rows.row(grid.level(i), i), i, grid.level(i - 1), grid.end(i),
                    Ipndm.ADAMS_BASHFORTH[known.length - 1], known);
        }
        return rows.build();
    }

    /** Where steps end elsewhere than their next row, that scheduler begins the second half one stride before its end. */
    private static NoiseLevel firstStart(TimeGrid grid) {
        if (grid.end(1).sameAs(grid.level(1)) || !(grid.path() instanceof NoiseSchedule schedule)) {
            return grid.level(0);
        }
        long stride = Math.round(grid.level(0).time() - grid.end(1).time());
        return schedule.level((int) (Math.round(grid.level(1).time()) + stride));
    }
}
