package dev.paraflux.cli.report;

import dev.paraflux.Sample;
import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.Npy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The files that samples are written to.
 *
 * @param picture a grid of them
 * @param array   their values, [samples, C, H, W]; null for none
 */
public record SampleFiles(Path picture, Path array) {
    private static final int CELL_PIXELS = 112;

    /**
     * Refuses samples that cannot be drawn.
     *
     * @throws IllegalValueException if these cannot
     */
    public void check(Look look) {
        grid(look);
    }

    /**
     * The values first: should the picture fail, they are saved.
     *
     * @param texts that the picture's file says of it, by keywords
     */
    public void write(Look look, List<Sample> samples, Map<String, String> texts) {
        List<Integer> shape = look.sampleShape();
        float[][] values = samples.stream().map(Sample::values).toArray(float[][]::new);
        Outputs.write(() -> {
            if (array != null) {
                int dim = values[0].length;
                float[] all = new float[Math.multiplyExact(values.length, dim)];
                for (int s = 0; s < values.length; s++) {
                    System.arraycopy(values[s], 0, all, s * dim, dim);
                }
                Npy.write(array, all, values.length, shape.get(0), shape.get(1), shape.get(2));
            }
            grid(look).write(picture, texts, Arrays.stream(values).map(look::picture).toArray(float[][]::new));
        });
    }

    /** What was written, in words. */
    public String text() {
        return array == null ? picture.toString() : picture + ", " + array;
    }

    private static ImageGrid grid(Look look) {
        return Pictures.grid(look, ImageGrid.NEAR_SQUARE, CELL_PIXELS);
    }
}
