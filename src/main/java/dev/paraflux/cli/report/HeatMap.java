package dev.paraflux.cli.report;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** Residuals of rows over rounds as a picture in SVG: a column a round, and row 1 below. */
final class HeatMap {
    /** Of cells, in each direction: of more rows the largest of neighbours is shown, of more rounds some. */
    private static final int MOST_CELLS = 500;
    private static final int WIDTH = 340;
    private static final int HEIGHT = 250;
    private static final int LEFT = 40;
    private static final int RIGHT = 12;
    private static final int TOP = 8;
    private static final int BOTTOM = 40;

    private final RoundRecorder recorder;
    private final int rounds;

    /** Of the first so many rounds that were recorded. */
    HeatMap(RoundRecorder recorder, int rounds) {
        this.recorder = recorder;
        this.rounds = rounds;
    }

    /** The least positive residual, or infinity, and the largest, or 0. */
    double[] range() {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int round = 1; round <= rounds; round++) {
            for (int row = 1; row <= recorder.rows(); row++) {
                double residual = recorder.residual(round, row);
                if (residual > 0) {
                    least = Math.min(least, residual);
                    most = Math.max(most, residual);
                }
            }
        }
        return new double[] {least, most};
    }

    /** The picture. */
    String svg(String name, Heat heat) {
        int across = WIDTH - LEFT - RIGHT;
        int down = HEIGHT - TOP - BOTTOM;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"residuals of %d rows in %d rounds by %s\">"
                        + "<image x=\"%6$d\" y=\"%7$d\" width=\"%8$d\" height=\"%9$d\" preserveAspectRatio=\"none\" href=\"%10$s\"/>"
                        + "<rect class=\"frame\" x=\"%6$d\" y=\"%7$d\" width=\"%8$d\" height=\"%9$d\"/>",
                WIDTH, HEIGHT, recorder.rows(), rounds, Html.text(name), LEFT, TOP, across, down,
                Html.address(cells(heat))));
        for (double row : List.of(1.0, (double) recorder.rows())) {
            svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>", LEFT - 6,
                    TOP + down * (1 - (row - 0.5) / recorder.rows()) + 4, row));
        }
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">row</text>", LEFT - 6,
                TOP + down / 2 + 4));
        double step = Plot.niceStep(rounds);
        for (double round = step == 1 ? 1 : step; round <= rounds; round += step) {
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>",
                    LEFT + across * (round - 0.5) / rounds, TOP + down + 16, round));
        }
        return svg.append(String.format(Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">round</text>"
                        + "<line class=\"now\" data-left=\"%d\" data-width=\"%d\" data-rounds=\"%d\" y1=\"%d\" y2=\"%d\"/></svg>",
                LEFT + across / 2, HEIGHT - 8, LEFT, across, rounds, TOP, TOP + down)).toString();
    }

    private BufferedImage cells(Heat heat) {
        List<Integer> shown = Filmstrip.pick(rounds, MOST_CELLS);
        int rows = recorder.rows();
        int down = Math.min(rows, MOST_CELLS);
        BufferedImage image = new BufferedImage(shown.size(), down, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < shown.size(); x++) {
            for (int y = 0; y < down; y++) {
                int from = 1 + (int) ((long) y * rows / down);
                int to = (int) ((long) (y + 1) * rows / down);
                image.setRGB(x, down - 1 - y, heat.argb(largest(shown.get(x), from, to)));
            }
        }
        return image;
    }

    /** Of rows in a round; not a number where one of them is not. */
    private double largest(int round, int from, int to) {
        double largest = 0;
        for (int row = from; row <= to; row++) {
            largest = Math.max(largest, recorder.residual(round, row));
        }
        return largest;
    }
}
