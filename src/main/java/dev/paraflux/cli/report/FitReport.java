package dev.paraflux.cli.report;

import dev.paraflux.cli.option.SolverName;
import dev.paraflux.iia.Correction;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.iia.IiaListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a fit found, in words and for JSON. */
public final class FitReport implements IiaListener {
    private static final String HEADINGS = "%4s  %-10s%24s%13s%n";
    private static final String LINE = "%4d  %-10s%24s%13.3f%n";

    private final Path file;
    /** Of each correction that was tried, the held-out error that it led to. */
    private final Map<Correction, Double> tried = new LinkedHashMap<>();

    /** @param file that the coefficients are written to */
    public FitReport(Path file) {
        this.file = file;
    }

    @Override
    public void onStep(Correction correction, int step, int steps, IiaCoefficients.Step result) {
        tried.put(correction, result.kept() ? result.errorAfter() : result.errorBefore());
    }

    /** As options say it, not as Java does. */
    static String text(Correction correction) {
        return correction.toString().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    public String text(IiaCoefficients coefficients, double seconds) {
        StringBuilder text = new StringBuilder();
        if (tried.size() > 1) {
            text.append(tried.entrySet().stream()
                    .map(one -> String.format(Locale.ROOT, "%s %.4f", text(one.getKey()), one.getValue()))
                    .collect(Collectors.joining(", ", "held-out error by ", System.lineSeparator())));
        }
        text.append(String.format(HEADINGS, "step", "corrected", "held-out error", "share left"));
        for (int i = 0; i < coefficients.steps().size(); i++) {
            IiaCoefficients.Step step = coefficients.steps().get(i);
            text.append(String.format(Locale.ROOT, LINE, i + 1, corrected(step),
                    String.format(Locale.ROOT, "%.4f -> %.4f", step.errorBefore(), step.errorAfter()), step.left()));
        }
        if (coefficients.keptSteps() == 0) {
            text.append("nothing helped: no step is corrected, and the corrected solver is the solver itself")
                    .append(System.lineSeparator());
        }
        return text + sentence(coefficients, seconds);
    }

    static String corrected(IiaCoefficients.Step step) {
        if (step.factors().isEmpty()) {
            return "no vectors";
        }
        return step.kept() ? "yes" : "no";
    }

    private String sentence(IiaCoefficients found, double seconds) {
        int steps = found.steps().size();
        return String.format(Locale.ROOT, "%s: %s with %d %s, by %s, held-out error %.4f instead of %.4f (%.2f of it),"
                + " %d of %d steps corrected, %.1f s", file, SolverName.text(found.problem().solver()), steps,
                steps == 1 ? "step" : "steps", text(found.correction()), found.correctedError(), found.plainError(),
                found.ratio(), found.keptSteps(), steps, seconds);
    }

    /**
     * As a page to look at.
     *
     * @param page     its file
     * @param settings what was fitted, in words, by names
     * @param machine  what it was fitted with
     */
    public void write(Path page, IiaCoefficients found, double seconds, Map<String, String> settings,
            Map<String, String> machine) {
        new FitPage(found, tried).write(page, sentence(found, seconds), settings, machine);
    }

    /** For JSON. */
    public Map<String, Object> toMap(IiaCoefficients found, double seconds) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", "COMPLETED");
        map.put("file", file.toString());
        map.put("solver", SolverName.text(found.problem().solver()));
        map.put("correction", text(found.correction()));
        map.put("plainError", found.plainError());
        map.put("correctedError", found.correctedError());
        map.put("ratio", found.ratio());
        map.put("correctedSteps", found.keptSteps());
        map.put("seconds", seconds);
        Map<String, Double> errors = new LinkedHashMap<>();
        tried.forEach((correction, error) -> errors.put(text(correction), error));
        map.put("tried", errors);
        List<Map<String, Object>> steps = new ArrayList<>();
        found.steps().forEach(step -> steps.add(toMap(step)));
        map.put("steps", steps);
        return map;
    }

    private static Map<String, Object> toMap(IiaCoefficients.Step step) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("corrected", step.kept());
        map.put("vectors", step.factors().size());
        map.put("rank", step.rank());
        map.put("errorBefore", step.errorBefore());
        map.put("errorAfter", step.errorAfter());
        map.put("shareLeft", step.left());
        return map;
    }
}
