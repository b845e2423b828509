package dev.paraflux.cli.report;

import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.io.ImageGrid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines of a model's samples as pictures, one below the other. */
public final class PictureLines {
    private static final int CELL_PIXELS = 56;
    /** Becomes the grey between the pictures, so that a cell of it is none. */
    private static final float BLANK = 0.004f;

    private final Look look;
    private final List<float[][]> lines = new ArrayList<>();

    /**
     * Without a line yet.
     *
     * @throws IllegalValueException if the model's samples cannot be drawn so many to a line
     */
    public PictureLines(Look look, int columns) {
        this.look = look;
        grid(columns);
    }

    private ImageGrid grid(int across) {
        return Pictures.grid(look, across, CELL_PIXELS);
    }

    /** Adds a line of samples, one or more. */
    public void add(float[]... samples) {
        lines.add(Arrays.stream(samples).map(look::picture).toArray(float[][]::new));
    }

    /** Draws the lines; short ones are filled up with nothing. */
    public void write(Path file) {
        int across = lines.stream().mapToInt(line -> line.length).max().orElseThrow();
        float[] blank = new float[lines.get(0)[0].length];
        Arrays.fill(blank, BLANK);
        float[][] cells = new float[across * lines.size()][];
        for (int c = 0; c < cells.length; c++) {
            float[][] line = lines.get(c / across);
            cells[c] = c % across < line.length ? line[c % across] : blank;
        }
        Outputs.write(() -> grid(across).write(file, cells));
    }
}
