package dev.paraflux.cli.option;

import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.solver.SolverDescription;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is drawn, in words: for people who look at it later. */
final class WorkFacts {
    private WorkFacts() {}

    /** The model and the steps, by names. */
    static Map<String, String> of(PretrainedDenoiser model, Steps steps) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model.card().name() + " " + model.card().shape() + ", by " + model.runtime() + " in "
                + model.precision());
        facts.put("steps", steps.grid().steps() + " of " + SolverDescription.of(steps.solver()));
        return facts;
    }
}
