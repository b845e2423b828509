package dev.paraflux.iia;

import dev.paraflux.TestGrids;
import dev.paraflux.iia.IiaCoefficients.Calibration;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.json.Description;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.SolverDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Coefficients that nobody fitted: of DDIM on {@link #GRID}, by DIFFERENCES, with the middle step kept. */
final class HandMade {
    static final TimeGrid GRID = TestGrids.linear(3);
    static final Correction CORRECTION = Correction.by(CorrectionVectors.DIFFERENCES);

    static final Description DDIM = SolverDescription.of(new Ddim());

    private HandMade() {}

    /** A mixture of one Gaussian in two dimensions. */
    static Denoiser model(double mean) {
        return new GaussianMixtureDenoiser(new int[] {2}, List.of(new Component(1, new double[] {mean, 0.5}, 0.3)));
    }

    static Problem problem(Denoiser model) {
        return problem(model.identity());
    }

    static Problem problem(ModelIdentity model) {
        return new Problem(model, Prediction.EPSILON, Optional.empty(), DDIM, GRID.levels(), table());
    }

    static SolverTable table() {
        return SolverTable.of(new Ddim().system(GRID, Prediction.EPSILON));
    }

    static Calibration calibration() {
        return new Calibration(DDIM, GRID.refined(2).levels(),
                List.of(Condition.label(0).description(), Condition.none().description()), 1_000_000, 64, 32, 0.125,
                true);
    }

    static List<Step> steps() {
        return List.of(new Step(List.of(), 0, false, 1, 0.5, 0.5),
                new Step(List.of(0.1, -0.2), 2, true, 0.75, 0.5, 0.25),
                new Step(List.of(3.0, 4.0), 2, false, 0.5, 0.25, 0.375));
    }

    static IiaCoefficients coefficients(Denoiser model) {
        return new IiaCoefficients(problem(model), CORRECTION, calibration(), steps(), 0.5, 0.25);
    }

    /** The same with other factors in the middle step. */
    static IiaCoefficients withFactors(Correction correction, Double... factors) {
        List<Step> steps = new ArrayList<>(steps());
        steps.set(1, new Step(List.of(factors), factors.length, factors.length > 0, 0.75, 0.5, 0.25));
        steps.set(2, steps.get(0));
        return new IiaCoefficients(problem(model(1)), correction, calibration(), steps, 0.5, 0.25);
    }
}
