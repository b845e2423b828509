package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Euler's method on the probability flow (Karras et al., arXiv 2206.00364, algorithm 1 without its lines 6 to 8), for any
 * scaling of the levels. First order; it is {@link Ddim} with eta 0 on the same grid, row for row.
 *
 * <p>The flow is {@code dy / dr = eps} with {@code y = x / alpha = x0 + r eps} and {@code r = sigma / alpha}, so that
 *
 * <pre>x' = alpha' (y + (r' - r) eps) = alpha' x0 + sigma' eps</pre>
 *
 * <p>which is DDIM's step. Flow matching's Euler step is the same one: there {@code alpha = 1 - tau, sigma = tau} and
 * {@code x + (tau' - tau) (eps - x0) = (1 - tau') x0 + tau' eps}. The last expression divides by no alpha, so levels with
 * alpha = 0 are legal.
 */
public record Euler() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new Ddim().system(grid, prediction);
    }
}
