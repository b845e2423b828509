package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * DDIM: from the predicted x0 and eps of row i-1 to row i (Song, Meng, Ermon, arXiv 2010.02502, equations 12 and 16).
 * First order; the solver to start with.
 *
 * @param eta share of fresh noise, 0 (deterministic) to 1 (DDPM on the grid)
 */
public record Ddim(double eta) implements Solver {

    public Ddim {
        Require.between(0.0, 1.0, "eta", eta);
    }

    /** Deterministic DDIM. */
    public Ddim() {
        this(0);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            double noise = i == grid.steps() ? 0 : eta * grid.level(i - 1).noiseScaleTo(level);
            rows.row(level, i - 1)
                    .x0(i - 1, level.alpha())
                    .epsilon(i - 1, Math.sqrt(Math.max(0, level.sigma() * level.sigma() - noise * noise)))
                    .noise(noise);
        }
        return rows.build();
    }
}
