package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * DDIM: from the predicted x0 and eps of row i-1 to row i (Song, Meng, Ermon, arXiv 2010.02502, equations 12 and 16).
 * First order; the solver to start with.
 *
 * @param eta             share of fresh noise, 0 (deterministic) to 1 (DDPM on the grid)
 * @param noiseInLastStep whether the last step takes noise as well, where sigma is left in the sample, as diffusers'
 *                        DDIMScheduler does; the sample is cleaner without
 */
public record Ddim(double eta, boolean noiseInLastStep) implements Solver {

    public Ddim {
        Require.between(0.0, 1.0, "eta", eta);
    }

    /** Without noise in the last step. */
    public Ddim(double eta) {
        this(eta, false);
    }

    /** Deterministic DDIM. */
    public Ddim() {
        this(0);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            rows.row(grid.level(i), i - 1)
                    .x0(i - 1, grid.end(i).alpha())
                    .epsilon(i - 1, direction(grid, i))
                    .noise(noise(grid, i));
        }
        return rows.build();
    }

    private double noise(TimeGrid grid, int i) {
        return i == grid.steps() && !noiseInLastStep ? 0 : eta * grid.level(i - 1).noiseScaleTo(grid.end(i));
    }

    /** The factor of the predicted eps in the step to row i. */
    double direction(TimeGrid grid, int i) {
        double sigma = grid.end(i).sigma();
        double noise = noise(grid, i);
        return Math.sqrt(Math.max(0, sigma * sigma - noise * noise));
    }

    /** The name that it had before there was a choice, where that is made as before. */
    @Override
    public String toString() {
        return "Ddim[eta=" + eta + (noiseInLastStep ? ", noiseInLastStep=true]" : "]");
    }
}
