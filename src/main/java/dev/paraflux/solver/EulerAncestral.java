package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Euler's method with ancestral noise, k-diffusion's and diffusers' EulerAncestralDiscreteScheduler: in r = sigma / alpha a
 * step down to {@code r'^2 / r}, and noise up to r' again. These are the rows of {@link Ddim} with eta 1, whose posterior it
 * is, and with noise in the last step where sigma is left.
 */
public record EulerAncestral() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new Ddim(1, true).system(grid, prediction);
    }
}
