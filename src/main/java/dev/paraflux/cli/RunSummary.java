package dev.paraflux.cli;

import dev.paraflux.Sample;
import dev.paraflux.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a run of several samples went: the first that failed tells, if one did. */
record RunSummary(Status status, String message, int samples, int rounds, int evaluations, int modelRows,
        double seconds, double modelSeconds) {

    static RunSummary of(List<Sample> samples) {
        int teller = 0;
        while (teller < samples.size() - 1 && samples.get(teller).status().hasValues()) {
            teller++;
        }
        Sample told = samples.get(teller);
        boolean ownFate = told.status() == Status.NON_FINITE;
        return new RunSummary(told.status(), (ownFate ? "sample " + teller + ", " : "stopped ") + told.message(),
                samples.size(),
                samples.stream().mapToInt(sample -> sample.stats().rounds()).max().orElseThrow(),
                samples.stream().mapToInt(sample -> sample.stats().evaluations()).sum(),
                samples.stream().mapToInt(sample -> sample.stats().modelRows()).sum(),
                samples.stream().mapToDouble(sample -> sample.stats().seconds()).max().orElseThrow(),
                samples.stream().mapToDouble(sample -> sample.stats().modelSeconds()).max().orElseThrow());
    }

    boolean completed() {
        return status.hasValues();
    }

    String sentence() {
        return String.format(Locale.ROOT, "%d samples, %d rounds, %d evaluations, %.2f s (%.2f s in the model)",
                samples,
                rounds, evaluations, seconds, modelSeconds);
    }

    /** For JSON. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", status.name());
        map.put("samples", samples);
        map.put("rounds", rounds);
        map.put("evaluations", evaluations);
        map.put("modelRows", modelRows);
        map.put("seconds", seconds);
        map.put("modelSeconds", modelSeconds);
        return map;
    }
}
