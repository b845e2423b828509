package dev.paraflux.cli;

import dev.paraflux.Sample;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.Npy;
import dev.paraflux.model.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say where the samples go. */
final class OutputOptions {
    private static final int CELL_PIXELS = 112;

    @Option(names = "--out", paramLabel = "FILE.png", defaultValue = "samples.png",
            description = "The picture, a .png or a .jpg. Default: ${DEFAULT-VALUE}.")
    private Path picture;

    @Option(names = "--save", paramLabel = "FILE.npy", description = "Also save the samples, [samples, C, H, W].")
    private Path array;

    @Option(names = "--json", description = "Print one JSON object about the run, and nothing else.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Refuses files that could not be written, while nothing has been done yet. */
    void check(Map<String, Path> inputs) throws IOException {
        Outputs.check("--out", picture, inputs);
        if (array != null) {
            Map<String, Path> others = new HashMap<>(inputs);
            others.put("--out", picture);
            Outputs.check("--save", array, others);
        }
    }

    /** Refuses samples that cannot be drawn. */
    void check(ModelCard card) {
        grid(card);
    }

    /** The values first: should the picture fail, they are saved. */
    void write(ModelCard card, List<Sample> samples) {
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
    String files() {
        return array == null ? picture.toString() : picture + ", " + array;
    }

    private static ImageGrid grid(ModelCard card) {
        return Pictures.grid(card, ImageGrid.NEAR_SQUARE, CELL_PIXELS);
    }
}
