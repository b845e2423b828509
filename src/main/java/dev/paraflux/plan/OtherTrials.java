package dev.paraflux.plan;

import dev.paraflux.Cancellation;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SolverDescription;
import java.util.List;
import java.util.Optional;

/** Looks for other steps that end as near to where fine steps would, on the samples of a plan. */
final class OtherTrials {
    /** Of which each step of the reference is made: what is left of its error is a fraction of that of the steps. */
    private static final int FINE_STEPS = 4;
    private static final Candidate SEQUENTIAL = Candidate.of("sequential");

    private final Planner.Builder settings;
    private final ModelCost cost;
    private final Cancellation cancellation;

    OtherTrials(Planner.Builder settings, ModelCost cost, Cancellation cancellation) {
        this.settings = settings;
        this.cost = cost;
        this.cancellation = cancellation;
    }

    /**
     * The first of the others that end as near, and cost less than what has been chosen.
     *
     * @param plain  pictures of the steps that are asked about
     * @param chosen of them
     */
    Optional<Advice> advice(List<float[]> plain, Forecast chosen) {
        if (settings.others.isEmpty() || settings.system().noiseRows() > 0) {
            // Samples of a solver that draws noise come near to none.
            return Optional.empty();
        }
        TimeGrid fine = settings.grid.refined(FINE_STEPS);
        List<float[]> reference = drawn(new OtherSteps("fine", settings.model, fine, settings.solver)).pictures;
        double plainError = Trials.distance(plain, reference);
        for (OtherSteps other : settings.others) {
            if (other.solver().checkedSystem(other.grid(), other.model().prediction()).noiseRows() > 0) {
                continue;
            }
            Drawn found = drawn(other);
            if (!found.forecast.isChoice() || found.forecast.of(settings.target) >= chosen.of(settings.target)) {
                continue;
            }
            double error = Trials.distance(found.pictures, reference);
            if (error <= plainError) {
                double distance = Trials.distance(found.pictures, plain);
                return Optional.of(new Advice(other.name(),
                        new SamplingPlan.Problem(other.model().identity(), SolverDescription.of(other.solver()),
                                other.grid().levels(), Machine.of(settings.device)),
                        found.forecast, error, plainError, distance,
                        settings.takesOthers && distance <= settings.maxDistance));
            }
        }
        return Optional.empty();
    }

    private record Drawn(Forecast forecast, List<float[]> pictures) {}

    private Drawn drawn(OtherSteps steps) {
        try (Trials trials = new Trials(settings, steps, cost, cancellation)) {
            Forecast forecast = trials.of(SEQUENTIAL, settings.maxBytes, Double.POSITIVE_INFINITY);
            return new Drawn(forecast, trials.pictures());
        }
    }
}
