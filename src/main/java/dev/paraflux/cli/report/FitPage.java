package dev.paraflux.cli.report;

import dev.paraflux.iia.Correction;
import dev.paraflux.iia.IiaCoefficients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A fit as a page to look at: what each step gained, on samples that nothing was fitted to. */
final class FitPage {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 340;
    private static final int LEFT = 62;
    private static final int RIGHT = 20;
    private static final int TOP = 12;
    private static final int BOTTOM = 44;

    private final IiaCoefficients found;
    private final Map<Correction, Double> tried;

    /** @param tried of each correction that was tried, the held-out error that it led to */
    FitPage(IiaCoefficients found, Map<Correction, Double> tried) {
        this.found = found;
        this.tried = tried;
    }

    /** Writes the page, all of it or nothing. */
    void write(Path file, String verdict, Map<String, String> settings, Map<String, String> machine) {
        Map<String, String> pieces = new LinkedHashMap<>();
        pieces.put("verdict", Html.text(verdict));
        pieces.put("errors", errors());
        pieces.put("shares", shares());
        pieces.put("table", table());
        pieces.put("tried", tried.size() > 1 ? tried() : "");
        pieces.put("settings", Html.facts(settings));
        Page.write(file, "Corrected steps", Page.fill("fit.html", pieces), machine, "");
    }

    /** The plain error is that of step 0, and goes on as a line. */
    private String errors() {
        List<double[]> plain = new ArrayList<>();
        List<double[]> corrected = new ArrayList<>();
        corrected.add(new double[] {0, found.plainError()});
        plain.add(new double[] {0, found.plainError()});
        for (int i = 0; i < found.steps().size(); i++) {
            IiaCoefficients.Step step = found.steps().get(i);
            plain.add(new double[] {i + 1, found.plainError()});
            corrected.add(new double[] {i + 1, step.kept() ? step.errorAfter() : step.errorBefore()});
        }
        Plot plot = new Plot("steps corrected", true);
        plot.add("plain", plain);
        plot.add("corrected", corrected);
        return plot.svg();
    }

    /** A bar a step. */
    private String shares() {
        int steps = found.steps().size();
        double most = Math.max(1, found.steps().stream().mapToDouble(IiaCoefficients.Step::left).max().orElse(1));
        int down = HEIGHT - TOP - BOTTOM;
        double wide = (double) (WIDTH - LEFT - RIGHT) / steps;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"share of their error that %d steps keep\">",
                WIDTH,
                HEIGHT, steps));
        for (double tick = 0; tick <= 1; tick += 0.25) {
            double y = TOP + down * (1 - tick / most);
            svg.append(String.format(Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f%%</text>",
                    LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4, 100 * tick));
        }
        double every = Plot.niceStep(steps);
        for (int i = 0; i < steps; i++) {
            IiaCoefficients.Step step = found.steps().get(i);
            double high = down * step.left() / most;
            svg.append(String.format(Locale.ROOT,
                    "<rect class=\"bar%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                    step.kept() ? "" : " not", LEFT + (i + 0.15) * wide, TOP + down - high, 0.7 * wide, high));
            if ((i + 1) % every == 0 || steps <= 5) {
                svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                        LEFT + (i + 0.5) * wide, HEIGHT - BOTTOM + 18, i + 1));
            }
        }
        return svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">step</text></svg>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6)).toString();
    }

    private String table() {
        StringBuilder html = new StringBuilder("<table><thead><tr><th>step</th><th>corrected</th><th>vectors</th>"
                + "<th>rank</th><th>error before</th><th>after</th><th>share left</th></tr></thead><tbody>");
        for (int i = 0; i < found.steps().size(); i++) {
            IiaCoefficients.Step step = found.steps().get(i);
            html.append(String.format(Locale.ROOT,
                    "<tr><td>%d</td><td>%s</td><td>%d</td><td>%d</td><td>%.5f</td><td>%.5f</td><td>%.3f</td></tr>",
                    i + 1,
                    FitReport.corrected(step), step.factors().size(), step.rank(), step.errorBefore(),
                    step.errorAfter(), step.left()));
        }
        return html.append("</tbody></table>").toString();
    }

    private String tried() {
        StringBuilder html = new StringBuilder("<h2>What was tried</h2><div class=\"wide\"><table><thead><tr>"
                + "<th>vectors</th><th>held-out error</th></tr></thead><tbody>");
        tried.forEach((correction, error) -> html.append(String.format(Locale.ROOT,
                "<tr><td>%s</td><td>%.5f</td></tr>", Html.text(FitReport.text(correction)), error)));
        return html.append("</tbody></table></div>").toString();
    }
}
