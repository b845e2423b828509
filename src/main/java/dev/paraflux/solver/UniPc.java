package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.Objects;
import java.util.Set;

/**
 * UniPC (Zhao et al., arXiv 2302.04867, theorem 3.1) in the form and with the options of diffusers'
 * UniPCMultistepScheduler: a predictor UniP-p, whose row is evaluated, then the corrector UniC-p at the same level, which
 * takes that evaluation and is not evaluated itself. One evaluation a step; for few steps.
 *
 * <p>Every row is the step of {@code d(x / sigma) = exp(lambda) x0 dlambda} from the last corrected row, with x0 a
 * polynomial through the predictors' x0 ({@link ExponentialWeights}); with two x0 the difference has the weight 1/2
 * that the paper sets for UniP-2 and UniC-1, where alone B(h) tells. Lower orders come first, and last, if so chosen; the
 * last step is not corrected. Of rows at equal or close levels one alone is looked at, and none with alpha = 0.
 *
 * @param order           p, 1 to 3; lower where the grid has fewer steps
 * @param kernel          B(h)
 * @param ofSample        whether x0 is interpolated ({@code predict_x0}); else eps, in
 *                        {@code d(x / alpha) = -exp(-lambda) eps dlambda}
 * @param lowerOrderFinal whether the order falls to 1 in the last steps
 * @param uncorrected     the steps, counted from 0, whose rows are not corrected ({@code disable_corrector})
 */
public record UniPc(int order, UniPcKernel kernel, boolean ofSample, boolean lowerOrderFinal, Set<Integer> uncorrected)
        implements
            Solver {
    /** Checks the order. */
    public UniPc {
        MultistepOrder.require(order, 3);
        Objects.requireNonNull(kernel, "kernel");
        uncorrected = Set.copyOf(uncorrected);
    }

    /** With the defaults of diffusers. */
    public UniPc(int order) {
        this(order, UniPcKernel.BH2, true, true, Set.of());
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new UniPcRows(this, grid, prediction).system();
    }
}
