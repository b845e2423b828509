package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * The sampler of latent consistency models (Luo et al., arXiv 2310.04378, algorithm 3): consistency sampling with the
 * boundary condition {@code f = c_skip x + c_out x0} of arXiv 2303.01469, appendix C, in the time scaled by a factor and with
 * 0.5 for the deviation of the data, as in diffusers' LCMScheduler. For models that were distilled so, in 1 to 8 steps.
 *
 * <p>The last row is f itself, at whatever level the grid ends.
 *
 * @param timestepScaling {@code timestep_scaling}: above 0, finite; 10 for the published models
 */
public record Lcm(double timestepScaling) implements Solver {
    private static final double DATA_DEVIATION = 0.5;

    /** Checks the factor. */
    public Lcm {
        Require.positive("timestepScaling", timestepScaling);
    }

    /** With the factor of the published models. */
    public Lcm() {
        this(10);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel end = grid.end(i);
            double time = grid.level(i - 1).time() * timestepScaling;
            double squares = time * time + DATA_DEVIATION * DATA_DEVIATION;
            boolean last = i == grid.steps();
            double alpha = last ? 1 : end.alpha();
            rows.row(grid.level(i), i - 1)
                    .x0(i - 1, alpha * time / Math.sqrt(squares))
                    .state(i - 1, alpha * DATA_DEVIATION * DATA_DEVIATION / squares)
                    .noise(last ? 0 : end.sigma());
        }
        return rows.build();
    }
}
