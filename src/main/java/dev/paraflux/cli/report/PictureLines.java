package dev.paraflux.cli.report;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.PictureFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Lines of a model's samples as pictures, one below the other: each line with its name, each picture with its own below it. */
public final class PictureLines {
    private static final int CELL_PIXELS = 56;
    private static final int GAP = 2;
    private static final int MARGIN = 8;
    private static final int LABEL_MARGIN = 3;
    private static final double MOST_PIXELS = 1 << 29;
    private static final Letters LETTERS = new Letters(2);

    private final Look look;
    private final ImageGrid grid;
    private final List<Line> lines = new ArrayList<>();

    private record Line(String name, List<String> labels, List<float[]> pictures) {}

    /**
     * Without a line yet.
     *
     * @throws IllegalValueException if the model's samples cannot be drawn
     */
    public PictureLines(Look look) {
        this.look = look;
        grid = Pictures.grid(look, 1, CELL_PIXELS);
    }

    /** Adds a line of samples, one or more, each with a label. */
    public void add(String name, List<String> labels, float[]... samples) {
        Require.length(samples.length, "labels", labels.size());
        lines.add(new Line(name, labels, Arrays.stream(samples).map(look::picture).toList()));
    }

    /** Draws the lines. */
    public void write(Path file) {
        Outputs.write(() -> PictureFile.write(file, draw(), Map.of()));
    }

    private BufferedImage draw() {
        int across = lines.stream().mapToInt(line -> line.pictures.size()).max().orElseThrow();
        int left = MARGIN + lines.stream().mapToInt(line -> LETTERS.width(line.name)).max().orElseThrow();
        int cellWidth = grid.width() * grid.scale() + GAP;
        int pictureHeight = grid.height() * grid.scale();
        int cellHeight = pictureHeight + LETTERS.height() + 2 * LABEL_MARGIN;
        double pixels = (left + (double) across * cellWidth) * lines.size() * cellHeight;
        Require.that(pixels < MOST_PIXELS, "number of pixels", pixels, "below 2^29");
        BufferedImage image = new BufferedImage(left + across * cellWidth - GAP, lines.size() * cellHeight,
                grid.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        pen.setColor(Color.BLACK);
        for (int l = 0; l < lines.size(); l++) {
            Line line = lines.get(l);
            int top = l * cellHeight;
            LETTERS.draw(pen, line.name, 0, top + (pictureHeight - LETTERS.height()) / 2);
            for (int c = 0; c < line.pictures.size(); c++) {
                int x = left + c * cellWidth;
                String label = line.labels.get(c);
                image.getRaster().setRect(x, top, grid.draw(line.pictures.get(c)).getRaster());
                LETTERS.draw(pen, label, x + (cellWidth - GAP - LETTERS.width(label)) / 2,
                        top + pictureHeight + LABEL_MARGIN);
            }
        }
        pen.dispose();
        return image;
    }
}
