package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Lays samples out as a grid of pictures, row by row, and writes them as one PNG or JPEG. Use it to look at samples.
 *
 * <p>A value v of a sample becomes the pixel round((v + 1) 127.5), clamped to 0..255: -1 is black, 1 is white. A value
 * that is not a number becomes black. Needs no display.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param height   of a sample, in pixels, from 1
 * @param width    of a sample, in pixels, from 1
 * @param columns  pictures side by side, from 1, or {@link #NEAR_SQUARE}
 * @param scale    every pixel becomes a square of scale x scale pixels, from 1
 */
public record ImageGrid(int channels, int height, int width, int columns, int scale) {
    /** As {@code columns}: choose a number that makes the grid nearly square, 5 for 10 samples. */
    public static final int NEAR_SQUARE = 0;

    /** Steps of 0 to 255 from a value of 0 to one of 1. */
    public static final double PIXELS_OF_UNIT = 127.5;

    private static final int BORDER = 2;
    private static final int BORDER_GREY = 128;

    /** Checks the settings. */
    public ImageGrid {
        Require.that(channels == 1 || channels == 3, "channels", channels, "1 (grey) or 3 (RGB)");
        Require.atLeast(1, "height", height);
        Require.atLeast(1, "width", width);
        Require.atLeast(NEAR_SQUARE, "columns", columns);
        Require.atLeast(1, "scale", scale);
    }

    /**
     * Draws the samples, with two pixels of grey between them.
     *
     * @param samples one or more, each of channels x height x width values, channel by channel
     * @throws IllegalValueException if there is none, one has another length, or the picture would have 2^29 pixels or
     *                               more
     */
    public BufferedImage draw(float[]... samples) {
        Require.atLeast(1, "number of samples", samples.length);
        int across = columns == NEAR_SQUARE ? nearSquareColumns(samples.length) : Math.min(columns, samples.length);
        int down = (samples.length + across - 1) / across;
        long cellWidth = (long) width * scale + BORDER;
        long cellHeight = (long) height * scale + BORDER;
        if ((double) across * cellWidth * down * cellHeight >= 1 << 29) {
            throw new IllegalValueException("number of pixels", (double) across * cellWidth * down * cellHeight,
                    "below 2^29");
        }
        BufferedImage image = new BufferedImage((int) (across * cellWidth) - BORDER, (int) (down * cellHeight) - BORDER,
                channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        WritableRaster raster = image.getRaster();
        for (int channel = 0; channel < channels; channel++) {
            int[] grey = new int[image.getWidth()];
            Arrays.fill(grey, BORDER_GREY);
            for (int y = 0; y < image.getHeight(); y++) {
                raster.setSamples(0, y, image.getWidth(), 1, channel, grey);
            }
        }
        for (int i = 0; i < samples.length; i++) {
            Require.length((long) channels * height * width, "sample " + i, samples[i].length);
            drawSample(raster, samples[i], i % across * (int) cellWidth, i / across * (int) cellHeight);
        }
        return image;
    }

    private void drawSample(WritableRaster raster, float[] sample, int left, int top) {
        for (int channel = 0; channel < channels; channel++) {
            for (int y = 0; y < height * scale; y++) {
                for (int x = 0; x < width * scale; x++) {
                    float value = sample[(channel * height + y / scale) * width + x / scale];
                    raster.setSample(left + x, top + y, channel, pixel(value));
                }
            }
        }
    }

    private static int pixel(float value) {
        return (int) Math.max(0, Math.min(255, Math.round((value + 1.0) * PIXELS_OF_UNIT)));
    }

    /**
     * Draws the samples and writes the picture, all of it or nothing.
     *
     * @param path    the format is that of its ending, one of {@link PictureFile#ENDINGS}; see {@link AtomicFile#write}
     * @param samples see {@link #draw}
     * @throws IOException           with the path and the reason
     * @throws IllegalValueException if the ending is another one
     */
    public void write(Path path, float[]... samples) throws IOException {
        write(path, Map.of(), samples);
    }

    /**
     * The same with texts in the file, where it is a PNG; a JPEG has none.
     *
     * @param texts by keywords of 1 to 79 letters of ASCII; {@link PictureText} reads them back
     */
    public void write(Path path, Map<String, String> texts, float[]... samples) throws IOException {
        PictureFile.requireEnding("path", path);
        PictureFile.write(path, draw(samples), texts);
    }

    /** The smallest divisor from the square root on, if the grid is then at most three times as wide as high. */
    static int nearSquareColumns(int count) {
        int root = (int) Math.ceil(Math.sqrt(count));
        for (int across = root; across <= 3 * (count / across); across++) {
            if (count % across == 0) {
                return across;
            }
        }
        return root;
    }
}
