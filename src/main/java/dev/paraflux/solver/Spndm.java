package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * S-PNDM, the pseudo linear multistep method of second order (Liu et al., arXiv 2202.09778, equation 9 and appendix): DDIM's
 * step with {@code (3 eps_i - eps_(i-1)) / 2} for eps. One evaluation a step.
 *
 * <p>The first step is DDIM's instead of the paper's two evaluations, so that these are the rows of {@link Ipndm} of order
 * 2; and a step to sigma = 0 is DDIM's.
 */
public record Spndm() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new Ipndm(2).system(grid, prediction);
    }
}
