package dev.paraflux.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What several methods took for the same samples, and how far from those of the first, the reference, they ended. */
public final class Comparison {
    private static final String HEADINGS = "%-12s%8s%14s%11s%11s%12s%12s";
    private static final String LINE = "%-12s%8d%14d%11.3f%11.2f%12.3f%12.4f";

    private final List<Line> lines = new ArrayList<>();
    private String model;

    /** The difference is null where there are no samples. */
    private record Line(String model, RunSummary run, PixelDifference difference) {}

    /** Adds a run, the reference first. The difference is null where there are no samples. */
    public void add(RunSummary run, PixelDifference difference) {
        lines.add(new Line(model, run, difference));
    }

    /** What is added from now on is by another model than the reference. */
    public void beside(String other) {
        model = other;
    }

    static String headings() {
        return String.format(Locale.ROOT, HEADINGS, "method", "rounds", "evaluations", "seconds", "speed-up",
                "max pixel", "mean pixel");
    }

    /** Under the headings, without an end. */
    static String line(RunSummary run, double speedUp, PixelDifference difference) {
        return String.format(Locale.ROOT, LINE, run.method().text(), run.rounds(), run.evaluations(), run.seconds(),
                speedUp, difference.max(), difference.mean());
    }

    /** For people; every line has values. */
    public String table() {
        StringBuilder text = new StringBuilder(headings()).append(System.lineSeparator());
        String named = null;
        for (Line line : lines) {
            if (!Objects.equals(named, line.model())) {
                named = line.model();
                text.append("by ").append(named).append(':').append(System.lineSeparator());
            }
            text.append(line(line.run(), speedUp(line.run()), line.difference())).append(System.lineSeparator());
        }
        return text + verdict();
    }

    /** The table as a page has it. */
    String html() {
        StringBuilder html = new StringBuilder("<table><thead><tr><th>method</th><th>rounds</th><th>evaluations</th>"
                + "<th>seconds</th><th>speed-up</th><th>max pixel</th><th>mean pixel</th></tr></thead><tbody>");
        for (Line line : lines) {
            RunSummary run = line.run();
            html.append(String.format(Locale.ROOT,
                    "<tr><td>%s</td><td>%d</td><td>%d</td><td>%.3f</td><td>%.2f</td><td>%.3f</td><td>%.4f</td></tr>",
                    Html.text(name(line)), run.rounds(), run.evaluations(), run.seconds(), speedUp(run),
                    line.difference().max(), line.difference().mean()));
        }
        return html.append("</tbody></table>").toString();
    }

    /** In words: which was fastest. */
    String verdict() {
        Line fastest = fastest();
        if (fastest == null) {
            return "no method was done within its rounds";
        }
        if (fastest.run() == reference()) {
            return name(fastest) + " is fastest here";
        }
        return String.format(Locale.ROOT, "%s is fastest here: %.2f times as fast as %s", name(fastest),
                speedUp(fastest.run()), reference().method().text());
    }

    private static String name(Line line) {
        return line.run().method().text() + (line.model() == null ? "" : " by " + line.model());
    }

    /** Of the methods that were done: what a method had when it was stopped is not what was asked for. */
    private Line fastest() {
        return lines.stream().filter(line -> line.run().completed())
                .min(Comparator.comparingDouble(line -> line.run().seconds())).orElse(null);
    }

    private RunSummary reference() {
        return lines.get(0).run();
    }

    private double speedUp(RunSummary run) {
        return reference().seconds() / run.seconds();
    }

    /** For JSON; what there is no value for is null. */
    public Map<String, Object> toMap() {
        Line fastest = fastest();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("fastest", fastest == null ? null : name(fastest));
        map.put("methods", lines.stream().map(this::toMap).toList());
        return map;
    }

    private Map<String, Object> toMap(Line line) {
        Map<String, Object> map = toMap(line.run(), line.difference() == null ? null : speedUp(line.run()),
                line.difference());
        if (line.model() != null) {
            map.put("model", line.model());
        }
        return map;
    }

    /** A line for JSON; speed-up and difference may be null. */
    static Map<String, Object> toMap(RunSummary run, Double speedUp, PixelDifference difference) {
        Map<String, Object> map = run.toMap();
        map.put("speedUp", speedUp);
        map.put("maxPixelDifference", difference == null ? null : difference.max());
        map.put("meanPixelDifference", difference == null ? null : difference.mean());
        return map;
    }
}
