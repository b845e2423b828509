package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Objects;

/**
 * Ancestral sampling (Ho, Jain, Abbeel, arXiv 2006.11239, equations 6 and 7), on any grid: with the posterior variance the
 * same rows as {@link Ddim} with eta 1.
 *
 * @param variance of the noise. With FIXED_LARGE the last step takes noise as well, but from time 0, as in diffusers'
 *                 DDPMScheduler
 */
public record Ddpm(DdpmVariance variance) implements Solver {
    /** Checks that there is a variance. */
    public Ddpm {
        Objects.requireNonNull(variance, "variance");
    }

    /** With the posterior variance. */
    public Ddpm() {
        this(DdpmVariance.FIXED_SMALL);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        if (variance == DdpmVariance.FIXED_SMALL) {
            return new Ddim(1).system(grid, prediction);
        }
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel end = grid.end(i);
            double posterior = from.noiseScaleTo(end);
            boolean noisy = i < grid.steps() || from.time() > 0;
            rows.row(grid.level(i), i - 1)
                    .x0(i - 1, end.alpha())
                    .epsilon(i - 1, Math.sqrt(Math.max(0, end.sigma() * end.sigma() - posterior * posterior)))
                    .noise(noisy ? added(from, end) : 0);
        }
        return rows.build();
    }

    /** The standard deviation of what a step of the diffusion adds: sigma^2 = (alpha / alpha')^2 sigma'^2 + added^2. */
    private static double added(NoiseLevel from, NoiseLevel end) {
        double carried = end.alpha() == 0 ? end.sigma() : from.alpha() / end.alpha() * end.sigma();
        return Math.sqrt(Math.max(0, (from.sigma() - carried) * (from.sigma() + carried)));
    }
}
