package dev.paraflux.cli.report;

import dev.paraflux.Sample;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.Npy;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

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
    public void check(ModelCard card) {
        grid(card);
    }

    /** The values first: should the picture fail, they are saved. */
    public void write(ModelCard card, List<Sample> samples) {
        List<Integer> shape = card.shape();
        float[][] values = samples.stream().map(Sample::values).toArray(float[][]::new);
        try {
            if (array != null) {
                int dim = values[0].length;
                float[] all = new float[Math.multiplyExact(values.length, dim)];
                for (int s = 0; s < values.length; s++) {
                    System.arraycopy(values[s], 0, all, s * dim, dim);
                }
                Npy.write(array, all, values.length, shape.get(0), shape.get(1), shape.get(2));
            }
            grid(card).write(picture, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** What was written, in words. */
    public String text() {
        return array == null ? picture.toString() : picture + ", " + array;
    }

    private static ImageGrid grid(ModelCard card) {
        return Pictures.grid(card, ImageGrid.NEAR_SQUARE, CELL_PIXELS);
    }
}
