package dev.paraflux;

import dev.paraflux.check.Require;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.method.UpdateCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a sample cost, and how far it came.
 *
 * @param rounds        batched model calls that the sample took part in: what its latency is made of
 * @param evaluations   model evaluations of its rows: what its energy is made of
 * @param modelRows     model rows of these evaluations; twice as many where guidance needs both halves
 * @param finalRows     rows, from the first on, that no further round would have changed, 0 to the system's. All of them
 *                      where the sample is exact, and where a window of rows met its tolerance; of a refined sample those
 *                      that are exact, also if its refinements met their tolerance
 * @param residual      by how much the rows miss their equations: the largest root mean square over a row, for a row that
 *                      was taken as near enough when it was taken, for any other in the last round. 0 if, and only if, the
 *                      sample is exact; NaN where it was not measured: before the first correction, and by methods that do
 *                      not look at it
 * @param updates       how its rows were updated, where the method accelerates them
 * @param changes       how much each refinement changed the sample, in the stop rule's unit; empty where it was not refined
 * @param seconds       wall time from the call until the sample was done
 * @param queuedSeconds the part of it spent waiting for a place: for the round under way, and for samples before it
 * @param modelSeconds  the part of it spent in the model, in the rounds that the sample took part in, with all that shared
 *                      them; of a model that works on another device than the host, until it was under way there
 */
public record Stats(int rounds, int evaluations, int modelRows, int finalRows, double residual, UpdateCounts updates,
        List<Double> changes, double seconds, double queuedSeconds, double modelSeconds) {

    /** Checks the counts and times, and copies the changes. */
    public Stats {
        Require.atLeast(0, "rounds", rounds);
        Require.atLeast(0, "evaluations", evaluations);
        Require.atLeast(0, "modelRows", modelRows);
        Require.atLeast(0, "finalRows", finalRows);
        Require.that(!(residual < 0), "residual", residual, "0 or more, or NaN");
        Objects.requireNonNull(updates, "updates");
        changes = List.copyOf(changes);
        Require.notNegative("seconds", seconds);
        Require.notNegative("queuedSeconds", queuedSeconds);
        Require.notNegative("modelSeconds", modelSeconds);
    }

    /**
     * All of it, by names, as {@code --json} prints it: numbers, and of {@code updates} an object. JSON has no infinity: what
     * is not finite is null.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("rounds", rounds);
        map.put("evaluations", evaluations);
        map.put("modelRows", modelRows);
        map.put("finalRows", finalRows);
        map.put("seconds", seconds);
        map.put("queuedSeconds", queuedSeconds);
        map.put("modelSeconds", modelSeconds);
        map.put("residual", finite(residual));
        map.put("updates", updates.toMap());
        map.put("refinements", refinements());
        map.put("changePerRefinement", changes.stream().map(Stats::finite).toList());
        return map;
    }

    /** The same as JSON, in one line. */
    public String toJson() {
        return JsonWriter.line(toMap());
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** How often the sample was refined. */
    public int refinements() {
        return changes.size();
    }

    /** How much the last refinement changed the sample, in the stop rule's unit; NaN where it was not refined. */
    public double change() {
        return changes.isEmpty() ? Double.NaN : changes.get(changes.size() - 1);
    }

    /** The rest of the time: spent neither waiting nor in the model, but in methods, listeners, and rounds of others alone. */
    public double ownSeconds() {
        return Math.max(0, seconds - queuedSeconds - modelSeconds);
    }
}
