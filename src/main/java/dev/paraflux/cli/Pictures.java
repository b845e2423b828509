package dev.paraflux.cli;

import dev.paraflux.io.ImageGrid;
import dev.paraflux.model.ModelCard;

/** How a model's samples are drawn. */
final class Pictures {
    private Pictures() {}

    /**
     * A grid of the model's samples; small ones are drawn with large pixels, so that a cell has about so many.
     *
     * @throws IllegalArgumentException if the samples cannot be drawn
     */
    static ImageGrid grid(ModelCard card, int columns, int cellPixels) {
        int channels = card.shape().get(0);
        int height = card.shape().get(1);
        int width = card.shape().get(2);
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("model " + card.name() + " makes samples of " + channels
                    + " channels: a picture has 1 or 3; sample it from Java");
        }
        return new ImageGrid(channels, height, width, columns, Math.max(1, cellPixels / Math.max(height, width)));
    }
}
