package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
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
 */
public record Plms() implements Solver {
    private static final double[] MEAN_OF_ENDS = {1 / 2.0, 1 / 2.0};

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        ddim(rows, grid, 1, 0);
        if (grid.steps() == 1) {
            return rows.build();
        }
        ddim(rows, grid, 1, 0);
        // The eps of the stage, row 1, counts once, and where the step begins, row 0, it has the other half.
        replace(rows, grid, 1, 0, MEAN_OF_ENDS, 0, 1);
        for (int i = 2; i <= grid.steps(); i++) {
            // The corrected row of level j > 0 is j + 1.
            int[] known = Arrays.stream(MultistepOrder.latest(grid, i - 1, Ipndm.ADAMS_BASHFORTH.length, grid.level(i),
                    NoiseLevel::ratio)).map(level -> level == 0 ? 0 : level + 1).toArray();
            ddim(rows, grid, i, i);
            replace(rows, grid, i, i, Ipndm.ADAMS_BASHFORTH[known.length - 1], known);
        }
        return rows.build();
    }

    private static void ddim(TriangularSystem.Builder rows, TimeGrid grid, int i, int from) {
        NoiseLevel to = grid.level(i);
        rows.row(to, from).x0(from, to.alpha()).epsilon(from, to.sigma());
    }

    /** Puts a mean of eps, at these rows, where DDIM's step to level i has the eps of the row it begins at. */
    private static void replace(TriangularSystem.Builder rows, TimeGrid grid, int i, int from, double[] weights,
            int... known) {
        NoiseLevel to = grid.level(i);
        double step = to.sigma() - to.alpha() * Coordinates.ratio(grid.level(i - 1), i - 1);
        rows.epsilon(from, -step);
        for (int k = 0; k < weights.length; k++) {
            rows.epsilon(known[k], step * weights[k]);
        }
    }
}
