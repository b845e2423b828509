package dev.paraflux.cli.report;

import dev.paraflux.cli.option.MethodName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What fine, plain and corrected steps took for the same samples, and how far from those of the fine ones they ended.
 * Speed is compared with plain steps, one after another.
 */
public final class FineComparison {
    private static final String STEPS = "%-11s";
    private static final String ERROR = "%12s%n";

    private final List<Line> lines = new ArrayList<>();
    private List<float[]> fine;

    /** The difference is null, and the error not a number, where there are no samples. */
    private record Line(Kind kind, RunSummary run, PixelDifference difference, double error) {}

    /** What a line is about. */
    public enum Kind {
        FINE, PLAIN, CORRECTED;

        /** As it is printed. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Adds a run: the fine one first, the plain one next, then corrected ones, sequential before the other methods. */
    public void add(Kind kind, RunSummary run, List<float[]> samples) {
        fine = fine == null ? samples : fine;
        lines.add(samples == null ? new Line(kind, run, null, Double.NaN)
                : new Line(kind, run, PixelDifference.between(samples, fine), rootMeanSquare(samples, fine)));
    }

    private static double rootMeanSquare(List<float[]> samples, List<float[]> reference) {
        double squares = 0;
        long count = 0;
        for (int s = 0; s < samples.size(); s++) {
            float[] values = samples.get(s);
            for (int i = 0; i < values.length; i++) {
                double difference = (double) values[i] - reference.get(s)[i];
                squares += difference * difference;
            }
            count += values.length;
        }
        return Math.sqrt(squares / count);
    }

    /** For people; every line has values. */
    public String table() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(STEPS, "steps")).append(Comparison.headings())
                .append(String.format(ERROR, "rms error"));
        for (Line line : lines) {
            text.append(String.format(STEPS, line.kind().text()))
                    .append(Comparison.line(line.run(), speedUp(line), line.difference()))
                    .append(String.format(ERROR, String.format(Locale.ROOT, "%.5f", line.error())));
        }
        return text + verdict();
    }

    private String verdict() {
        double plain = first(Kind.PLAIN).error();
        double corrected = first(Kind.CORRECTED).error();
        String error = plain == 0 ? "plain steps end where the fine ones do"
                : String.format(Locale.ROOT, "corrected steps have %.2f of the plain ones' error, %.4f instead of %.4f",
                        corrected / plain, corrected, plain);
        Line fastest = fastest();
        String speed = fastest.run().method() == MethodName.SEQUENTIAL ? "; of them sequential is fastest here"
                : String.format(Locale.ROOT, "; of them %s is fastest here: %.2f times as fast as plain sequential",
                        fastest.run().method().text(), speedUp(fastest));
        return error + speed;
    }

    private Line first(Kind kind) {
        return lines.stream().filter(line -> line.kind() == kind).findFirst().orElse(null);
    }

    /** Of the corrected ones that were done; null if there is none. */
    private Line fastest() {
        return lines.stream().filter(line -> line.kind() == Kind.CORRECTED && line.run().completed())
                .min(Comparator.comparingDouble(line -> line.run().seconds())).orElse(null);
    }

    private double speedUp(Line line) {
        return first(Kind.PLAIN).run().seconds() / line.run().seconds();
    }

    /** For JSON; what there is no value for is null. */
    public Map<String, Object> toMap() {
        Line fastest = fastest();
        Line plain = first(Kind.PLAIN);
        Line corrected = first(Kind.CORRECTED);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("fastest", fastest == null ? null : fastest.run().method().text());
        map.put("ratio", corrected == null ? null : finite(corrected.error() / plain.error()));
        map.put("methods", lines.stream().map(this::toMap).toList());
        return map;
    }

    private Map<String, Object> toMap(Line line) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("steps", line.kind().text());
        Double speedUp = line.difference() == null || first(Kind.PLAIN) == null ? null : speedUp(line);
        map.putAll(Comparison.toMap(line.run(), speedUp, line.difference()));
        map.put("rootMeanSquareError", finite(line.error()));
        return map;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
