package dev.paraflux.cli.report;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.cli.option.Look;
import dev.paraflux.io.ImageGrid;

/** How a model's samples are drawn. */
final class Pictures {
    private Pictures() {}

    /**
     * A grid of the model's samples; small ones are drawn with large pixels, so that a cell has about so many.
     *
     * @throws IllegalValueException if the samples cannot be drawn
     */
    static ImageGrid grid(Look look, int columns, int cellPixels) {
        if (look.shape().size() != 3) {
            throw new IllegalValueException("shape of model " + look.name(), look.shape(),
                    "[channels, height, width], as pictures have; sample it from Java");
        }
        int channels = look.shape().get(0);
        int height = look.shape().get(1);
        int width = look.shape().get(2);
        if (channels != 1 && channels != 3) {
            throw new IllegalValueException("number of channels of model " + look.name(), channels,
                    "1 or 3, as pictures have; sample it from Java");
        }
        return new ImageGrid(channels, height, width, columns, Math.max(1, cellPixels / Math.max(height, width)));
    }
}
