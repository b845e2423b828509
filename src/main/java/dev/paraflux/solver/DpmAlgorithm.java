package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;

/**
 * What the DPM-Solver family integrates over a step h in lambda = log(alpha / sigma), and along which equation: diffusers'
 * {@code algorithm_type}.
 */
public enum DpmAlgorithm {
    /** The predicted x0, along the probability flow: DPM-Solver++ (Lu et al., arXiv 2211.01095). The usual choice. */
    DPM_SOLVER_PLUS_PLUS {
        @Override
        DpmWeights weights(NoiseLevel from, NoiseLevel to, double h) {
            double alpha = to.alpha();
            double phi3 = DpmSteps.phi3(h);
            return new DpmWeights(to.sigma() / from.sigma(), -alpha * Math.expm1(-h), alpha * h * (0.5 - phi3),
                    alpha * phi3, 0);
        }
    },
    /** The predicted eps, along the probability flow: DPM-Solver (Lu et al., arXiv 2206.00927). */
    DPM_SOLVER {
        @Override
        DpmWeights weights(NoiseLevel from, NoiseLevel to, double h) {
            double sigma = to.sigma();
            double phi3 = DpmSteps.phi3(-h);
            return new DpmWeights(to.alpha() / from.alpha(), -sigma * Math.expm1(h), -sigma * h * (0.5 - phi3),
                    sigma * phi3, 0);
        }
    },
    /**
     * The predicted x0, along the diffusion's stochastic equation, with fresh noise in every step: SDE-DPM-Solver++
     * (arXiv 2211.01095, section 5). The weight of its third order is that of diffusers.
     */
    SDE_DPM_SOLVER_PLUS_PLUS {
        @Override
        DpmWeights weights(NoiseLevel from, NoiseLevel to, double h) {
            double alpha = to.alpha();
            double phi3 = DpmSteps.phi3(2 * h);
            double fresh = Math.max(0, -Math.expm1(-2 * h));
            return new DpmWeights(to.sigma() / from.sigma() * Math.exp(-h), alpha * fresh, alpha * 2 * h * (0.5 - phi3),
                    alpha * (phi3 - 1), to.sigma() * Math.sqrt(fresh));
        }
    },
    /** The predicted eps, along the diffusion's stochastic equation. Of first and second order, and only to sigma above 0. */
    SDE_DPM_SOLVER {
        @Override
        DpmWeights weights(NoiseLevel from, NoiseLevel to, double h) {
            DpmWeights flow = DPM_SOLVER.weights(from, to, h);
            return new DpmWeights(flow.state(), 2 * flow.value(), 2 * flow.slope(), Double.NaN,
                    to.sigma() * Math.sqrt(Math.max(0, Math.expm1(2 * h))));
        }
    };

    /** The weights of a step whose length is finite, or for x0 infinite. */
    abstract DpmWeights weights(NoiseLevel from, NoiseLevel to, double h);

    /** Whether x0 is integrated; else eps. */
    boolean ofSample() {
        return this == DPM_SOLVER_PLUS_PLUS || this == SDE_DPM_SOLVER_PLUS_PLUS;
    }

    /** Adds a factor of the x0 or the eps predicted at a row, whichever is integrated. */
    void add(TriangularSystem.Builder rows, int row, double factor) {
        if (ofSample()) {
            rows.x0(row, factor);
        } else {
            rows.epsilon(row, factor);
        }
    }

    /**
     * Writes the step of first order: to a level, from a row at another.
     *
     * @param row the row that it starts from; the next row has been begun
     */
    DpmWeights first(TriangularSystem.Builder rows, int row, NoiseLevel from, NoiseLevel to) {
        double h = DpmSteps.h(from, to);
        if (this == SDE_DPM_SOLVER) {
            requireFinite(from, to);
        } else if (this == DPM_SOLVER && (Double.isInfinite(h) || from.alpha() == 0)) {
            // The same, where its terms by themselves are infinite.
            rows.x0(row, to.alpha()).epsilon(row, to.sigma());
            return null;
        }
        DpmWeights weights = weights(from, to, h);
        rows.state(row, weights.state()).noise(weights.noise());
        add(rows, row, weights.value());
        return weights;
    }

    private static void requireFinite(NoiseLevel from, NoiseLevel to) {
        if (to.sigma() == 0) {
            throw new IllegalValueException("sigma of the last row", to.sigma(),
                    "above 0 for SDE_DPM_SOLVER, whose last step would leave noise in a sample without");
        }
        if (from.alpha() == 0) {
            throw new IllegalValueException("alpha of row 0", from.alpha(),
                    "above 0 for SDE_DPM_SOLVER; zero terminal SNR needs SDE_DPM_SOLVER_PLUS_PLUS");
        }
    }
}
