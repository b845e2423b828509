package dev.paraflux.cli.report;

import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.method.UpdateCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a run of several samples went: the first that failed tells, if one did, or else that met its limit.
 *
 * @param hasValues whether every sample has values
 */
public record RunSummary(MethodName method, Status status, boolean hasValues, String message, int samples, int rounds,
        int evaluations,
        int modelRows, double residual, UpdateCounts updates, Refinements refinements, double seconds,
        double modelSeconds) {

    /** Of the samples of one run by a method. */
    public static RunSummary of(MethodName method, List<Sample> samples) {
        Sample told = samples.stream().min(Comparator.comparingInt(RunSummary::rank)).orElseThrow();
        return new RunSummary(method, told.status(), samples.stream().allMatch(Sample::hasValues),
                message(samples, told), samples.size(),
                samples.stream().mapToInt(sample -> sample.stats().rounds()).max().orElseThrow(),
                samples.stream().mapToInt(sample -> sample.stats().evaluations()).sum(),
                samples.stream().mapToInt(sample -> sample.stats().modelRows()).sum(),
                samples.stream().mapToDouble(sample -> sample.stats().residual()).max().orElseThrow(),
                samples.stream().map(sample -> sample.stats().updates()).reduce(UpdateCounts.NONE, RunSummary::sum),
                Refinements.of(samples),
                samples.stream().mapToDouble(sample -> sample.stats().seconds()).max().orElseThrow(),
                samples.stream().mapToDouble(sample -> sample.stats().modelSeconds()).max().orElseThrow());
    }

    private static int rank(Sample sample) {
        return switch (sample.status()) {
            case COMPLETED -> 5;
            case CONVERGED -> 4;
            case ACCEPTED -> 3;
            case ROUND_LIMIT -> 2;
            default -> sample.hasValues() ? 1 : 0;
        };
    }

    private static String message(List<Sample> samples, Sample told) {
        return switch (told.status()) {
            case NON_FINITE -> "sample " + samples.indexOf(told) + ", " + told.message();
            case ROUND_LIMIT, ACCEPTED -> share(samples, told) + told.message();
            default -> "stopped " + told.message();
        };
    }

    private static String share(List<Sample> samples, Sample told) {
        return samples.stream().filter(sample -> sample.status() == told.status()).count() + " of " + samples.size()
                + " samples: ";
    }

    private static UpdateCounts sum(UpdateCounts a, UpdateCounts b) {
        return new UpdateCounts(a.plain() + b.plain(), a.accelerated() + b.accelerated(),
                a.indefinite() + b.indefinite(), a.nonFinite() + b.nonFinite());
    }

    /** Whether every sample is the solution, exactly or to the method's tolerance. */
    public boolean completed() {
        return status.isSolved();
    }

    /**
     * Whether there is nothing to go on with: a value that is not finite, or a run that was stopped, which is no success
     * also if it has samples.
     */
    public boolean failed() {
        return switch (status) {
            case COMPLETED, CONVERGED, ROUND_LIMIT, ACCEPTED -> false;
            default -> true;
        };
    }

    /** For people. */
    public String sentence() {
        return String.format(Locale.ROOT, "%s, %s, %s, %s%.2f s (%.2f s in the model)",
                count(samples, "sample"), count(rounds, "round"), count(evaluations, "evaluation"),
                method.refines() ? refinements.text() + ", " : "", seconds, modelSeconds);
    }

    private static String count(int number, String of) {
        return number + " " + of + (number == 1 ? "" : "s");
    }

    /** The samples themselves for JSON: how each ended, and its {@link dev.paraflux.Stats#toMap}. */
    public static List<Map<String, Object>> each(List<Sample> samples) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Sample sample : samples) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("status", sample.status().name());
            map.putAll(sample.stats().toMap());
            maps.add(map);
        }
        return maps;
    }

    /** For JSON, which has no NaN: a residual that was not measured is null. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", status.name());
        map.put("method", method.text());
        map.put("samples", samples);
        map.put("rounds", rounds);
        map.put("evaluations", evaluations);
        map.put("modelRows", modelRows);
        map.put("seconds", seconds);
        map.put("modelSeconds", modelSeconds);
        map.put("residual", Double.isFinite(residual) ? residual : null);
        if (method.accelerates()) {
            map.put("updates", updates.toMap());
        }
        if (method.refines()) {
            map.put("refinements", refinements.most());
            map.put("changePerRefinement", refinements.finiteChanges());
        }
        return map;
    }
}
