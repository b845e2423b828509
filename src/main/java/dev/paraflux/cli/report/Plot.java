package dev.paraflux.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Curves as SVG, each with its name at its end, in the colours of the page that it stands in. */
final class Plot {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 340;
    private static final int LEFT = 62;
    private static final int RIGHT = 92;
    private static final int TOP = 12;
    private static final int BOTTOM = 44;
    private static final int LABEL_HEIGHT = 14;
    private static final int MOST_POINTS = 400;

    private final String across;
    private final boolean logarithmic;
    private final List<Curve> curves = new ArrayList<>();

    private record Curve(String name, List<double[]> points) {}

    /** @param logarithmic whether values are drawn by their logarithms; those of 0 and less are left out then */
    Plot(String across, boolean logarithmic) {
        this.across = across;
        this.logarithmic = logarithmic;
    }

    /** Adds a curve of points (x, y), whose colour is that of its place. */
    void add(String name, List<double[]> points) {
        curves.add(new Curve(name, points.stream().filter(point -> Double.isFinite(point[1]))
                .filter(point -> !logarithmic || point[1] > 0).toList()));
    }

    /** The picture. */
    String svg() {
        double mostX = curves.stream().flatMap(curve -> curve.points.stream()).mapToDouble(point -> point[0]).max()
                .orElse(1);
        double low = curves.stream().flatMap(curve -> curve.points.stream()).mapToDouble(this::height).min().orElse(0);
        double high = curves.stream().flatMap(curve -> curve.points.stream()).mapToDouble(this::height).max().orElse(1);
        low = logarithmic ? Math.floor(low) : 0;
        high = logarithmic ? Math.max(low + 1, Math.ceil(high)) : 1;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"curves by %s\">", WIDTH, HEIGHT, across));
        ticks(svg, low, high, mostX);
        List<double[]> ends = new ArrayList<>();
        for (int k = 0; k < curves.size(); k++) {
            Curve curve = curves.get(k);
            svg.append("<polyline class=\"s").append(k).append("\" points=\"");
            int step = Math.max(1, (curve.points.size() + MOST_POINTS - 2) / (MOST_POINTS - 1));
            for (int i = 0; i < curve.points.size(); i++) {
                if (i % step == 0 || i == curve.points.size() - 1) {
                    double[] point = curve.points.get(i);
                    svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0], mostX),
                            y(height(point), low, high)));
                }
            }
            svg.append("\"/>");
            if (!curve.points.isEmpty()) {
                double[] last = curve.points.get(curve.points.size() - 1);
                ends.add(new double[] {k, x(last[0], mostX), y(height(last), low, high)});
            }
        }
        labels(svg, ends);
        return svg.append("</svg>").toString();
    }

    private double height(double[] point) {
        return logarithmic ? Math.log10(point[1]) : point[1];
    }

    private static double x(double value, double most) {
        return LEFT + value / most * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double height, double low, double high) {
        return TOP + (high - height) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }

    private void ticks(StringBuilder svg, double low, double high, double mostX) {
        double step = logarithmic ? Math.max(1, Math.ceil((high - low) / 8)) : 0.25;
        for (double tick = low; tick <= high + 1e-9; tick += step) {
            double at = y(tick, low, high);
            String text = logarithmic ? power((int) tick) : String.format(Locale.ROOT, "%.0f%%", 100 * tick);
            svg.append(String.format(Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT, WIDTH - RIGHT, at, at, LEFT - 8, at + 4, text));
        }
        double wide = niceStep(mostX);
        for (double tick = 0; tick <= mostX + 1e-9; tick += wide) {
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>",
                    x(tick, mostX), HEIGHT - BOTTOM + 18, tick));
        }
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, across));
    }

    /** A power of ten as it is written. */
    static String power(int exponent) {
        return Math.abs(exponent) > 3 ? "1e" + exponent
                : String.format(Locale.ROOT, "%." + Math.max(0, -exponent) + "f", Math.pow(10, exponent));
    }

    /** Of ticks: 1, 2 or 5 times a power of ten, for five ticks or so. */
    static double niceStep(double most) {
        double rough = Math.max(1, most / 5);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double share = rough / power;
        return Math.max(1, power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10));
    }

    /** Where curves end close to one another, names are moved apart. */
    private void labels(StringBuilder svg, List<double[]> ends) {
        ends.sort(Comparator.comparingDouble(end -> end[2]));
        double[] at = new double[ends.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = Math.max(ends.get(i)[2], i == 0 ? TOP : at[i - 1] + LABEL_HEIGHT);
        }
        double most = HEIGHT - BOTTOM;
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = Math.min(at[i], most);
            most = at[i] - LABEL_HEIGHT;
        }
        for (int i = 0; i < at.length; i++) {
            int k = (int) ends.get(i)[0];
            svg.append(String.format(Locale.ROOT, "<text class=\"label l%d\" x=\"%.1f\" y=\"%.1f\">%s</text>", k,
                    ends.get(i)[1] + 6, at[i] + 4, Html.text(curves.get(k).name)));
        }
    }
}
