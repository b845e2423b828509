package dev.paraflux;

import dev.paraflux.method.UpdateCounts;
import java.util.List;

/**
 * What a sample cost.
 *
 * @param rounds       batched model calls that the sample took part in: what its latency is made of
 * @param evaluations  model evaluations of its rows: what its energy is made of
 * @param modelRows    model rows of these evaluations; twice as many where guidance needs both halves
 * @param residual     largest residual, root mean square over a row, when it ended; of a method that refines its
 *                     answer the last change; 0 for forward substitution, and where the answer is exact
 * @param updates      how its rows were updated, where the method accelerates them
 * @param changes      how much each refinement changed the sample, in the stop rule's unit, where the method refines it
 * @param seconds      wall time from the start of the run until the sample was done
 * @param modelSeconds the part of it spent in model calls, of the sample's whole batch
 */
public record Stats(int rounds, int evaluations, int modelRows, double residual, UpdateCounts updates,
        List<Double> changes, double seconds, double modelSeconds) {

    /** How often the sample was refined. */
    public int refinements() {
        return changes.size();
    }
}
