package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Multistep consistency sampling (Song et al., arXiv 2303.01469, algorithm 1): the predicted x0, and fresh noise on it up to
 * the next level. For models that predict the sample well at once, as distilled ones do, in a few steps; diffusers'
 * FlowMatchLCMScheduler, and FlowMatchEulerDiscreteScheduler with {@code stochastic_sampling}.
 */
public record ConsistencySampling() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel end = grid.end(i);
            rows.row(grid.level(i), i - 1).x0(i - 1, end.alpha()).noise(end.sigma());
        }
        return rows.build();
    }
}
