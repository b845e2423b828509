package dev.paraflux.cli.option;

import dev.paraflux.model.pretrained.CardedDenoiser;
import dev.paraflux.solver.SolverDescription;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is drawn, in words: for people who look at it later. */
final class WorkFacts {
    private WorkFacts() {}

    /** The model and the steps, by names. */
    static Map<String, String> of(CardedDenoiser model, Steps steps) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model.card().name() + " " + model.card().shape() + ", by " + model.evaluatedBy());
        facts.put("steps", steps.grid().steps() + " of " + SolverDescription.of(steps.solver()));
        return facts;
    }
}
