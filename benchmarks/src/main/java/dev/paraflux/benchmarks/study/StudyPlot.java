package dev.paraflux.benchmarks.study;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of at most six curves, errors by their logarithms, each with its name at its end, in colours that nobody takes for one
 * another: those of Okabe and Ito, as the command's pages have them.
 */
final class StudyPlot {
    private static final Color[] COLOURS = {new Color(0x1b1f24), new Color(0x0072b2), new Color(0xd55e00),
            new Color(0x009e73), new Color(0xaa4499), new Color(0xb58900)};
    private static final int LINE_HEIGHT = 16;

    private final XYChart chart;
    private final List<End> ends = new ArrayList<>();

    /** Where a curve ends, in its own numbers. */
    private record End(String name, Color colour, double x, double y) {}

    /** @param mostX where the axis ends: names need room beside the curves */
    StudyPlot(String title, String across, double mostX, boolean logarithmicAcross) {
        chart = new XYChartBuilder().width(900).height(560).title(title).xAxisTitle(across).yAxisTitle("rms error")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setXAxisLogarithmic(logarithmicAcross).setXAxisMax(mostX)
                .setChartBackgroundColor(Color.WHITE).setLegendVisible(false);
    }

    /** The errors that are drawn. */
    StudyPlot within(double least, double most) {
        chart.getStyler().setYAxisMin(least).setYAxisMax(most);
        return this;
    }

    /** Adds a curve; the seventh is refused. */
    void add(String name, double[] x, double[] y) {
        if (ends.size() == COLOURS.length) {
            throw new IllegalStateException("a plot of more than " + COLOURS.length + " curves is read by nobody");
        }
        Color colour = COLOURS[ends.size()];
        chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE).setLineColor(colour).setLineStyle(SeriesLines.SOLID);
        ends.add(new End(name, colour, x[x.length - 1], y[y.length - 1]));
    }

    /** Draws the plot. */
    void write(String file) throws IOException {
        BufferedImage image = BitmapEncoder.getBufferedImage(chart);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
        double free = 0;
        List<End> down = ends.stream().sorted(Comparator.comparingDouble(End::y).reversed()).toList();
        for (End end : down) {
            double y = Math.max(free, chart.getScreenYFromChart(end.y) + 4);
            float x = (float) chart.getScreenXFromChart(end.x) + 6;
            // On paper of its own, where another curve passes below it.
            pen.setColor(Color.WHITE);
            pen.fillRect((int) x - 2, (int) y - LINE_HEIGHT + 4, pen.getFontMetrics().stringWidth(end.name) + 4,
                    LINE_HEIGHT);
            pen.setColor(end.colour);
            pen.drawString(end.name, x, (float) y);
            free = y + LINE_HEIGHT;
        }
        pen.dispose();
        ImageIO.write(image, "png", new File(file));
    }
}
