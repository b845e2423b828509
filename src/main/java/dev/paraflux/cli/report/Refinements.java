package dev.paraflux.cli.report;

import dev.paraflux.Sample;
import dev.paraflux.Stats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often samples were refined, and how much each refinement still changed them.
 *
 * @param fewest  refinements of the sample that had fewest
 * @param changes the largest change by each refinement, over the samples that had it
 */
public record Refinements(int fewest, List<Double> changes) {
    static Refinements of(List<Sample> samples) {
        List<Stats> stats = samples.stream().map(Sample::stats).toList();
        double[] largest = new double[stats.stream().mapToInt(Stats::refinements).max().orElseThrow()];
        for (Stats one : stats) {
            for (int p = 0; p < one.refinements(); p++) {
                largest[p] = Math.max(largest[p], one.changes().get(p));
            }
        }
        return new Refinements(stats.stream().mapToInt(Stats::refinements).min().orElseThrow(),
                Arrays.stream(largest).boxed().toList());
    }

    /** Refinements of the sample that had most. */
    int most() {
        return changes.size();
    }

    String text() {
        String range = fewest == most() ? String.valueOf(fewest) : fewest + " to " + most();
        return range + (most() == 1 ? " refinement" : " refinements");
    }

    /** The changes for JSON, which has no infinity: what is not finite is null. */
    List<Double> finiteChanges() {
        List<Double> finite = new ArrayList<>(changes);
        finite.replaceAll(change -> Double.isFinite(change) ? change : null);
        return finite;
    }
}
