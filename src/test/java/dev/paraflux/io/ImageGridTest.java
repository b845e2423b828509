package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageGridTest {
    private static final int BORDER = 2;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"-1, 0", "1, 255", "0, 128", "-2, 0", "1.5, 255", "NaN, 0", "Infinity, 255", "-Infinity, 0",
            "0.0078, 128", "0.0079, 129", "-0.9961, 0", "-0.996, 1"})
    void valuesBecomePixels(float value, int pixel) {
        BufferedImage image = new ImageGrid(1, 1, 1, 1, 1).draw(new float[] {value});
        assertEquals(pixel, image.getRaster().getSample(0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "1, 2, 3, 1", "1, 5, 2, 3", "3, 1, 4, 2", "3, 7, 3, 1", "3, 10, 0, 1", "1, 3, 9, 2"})
    void everyPixelIsItsSamplesOrGrey(int channels, int count, int columns, int scale) {
        int height = 3;
        int width = 4;
        float[][] samples = samples(count, channels * height * width);
        BufferedImage image = new ImageGrid(channels, height, width, columns, scale).draw(samples);
        int across = columns == 0 ? 5 : Math.min(columns, count);
        int down = (count + across - 1) / across;
        int cellWidth = width * scale + BORDER;
        int cellHeight = height * scale + BORDER;
        assertEquals(across * cellWidth - BORDER, image.getWidth());
        assertEquals(down * cellHeight - BORDER, image.getHeight());
        Raster raster = image.getRaster();
        assertEquals(channels, raster.getNumBands());
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int sample = y / cellHeight * across + x / cellWidth;
                int row = y % cellHeight / scale;
                int column = x % cellWidth / scale;
                boolean inside = sample < count && row < height && column < width;
                for (int channel = 0; channel < channels; channel++) {
                    int expected = inside
                            ? Math.round((samples[sample][(channel * height + row) * width + column] + 1) * 127.5f)
                            : 128;
                    assertEquals(expected, raster.getSample(x, y, channel), x + ", " + y + ", channel " + channel);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "4, 2", "5, 3", "6, 3", "7, 3", "8, 4", "9, 3", "10, 5", "11, 4", "12, 4",
            "13, 4", "14, 4", "15, 5", "16, 4", "25, 5", "100, 10", "1000, 40"})
    void gridIsNearlySquare(int count, int across) {
        assertEquals(across, ImageGrid.nearSquareColumns(count));
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void pngHoldsThePixelsExactly(int channels) throws IOException {
        ImageGrid grid = new ImageGrid(channels, 28, 28, ImageGrid.NEAR_SQUARE, 2);
        float[][] samples = samples(10, channels * 28 * 28);
        Path path = folder.resolve("samples.png");
        grid.write(path, samples);
        Raster expected = grid.draw(samples).getRaster();
        Raster actual = ImageIO.read(path.toFile()).getRaster();
        assertEquals(5 * 58 - BORDER, actual.getWidth());
        assertEquals(2 * 58 - BORDER, actual.getHeight());
        int[] none = null;
        assertArrayEquals(expected.getPixels(0, 0, expected.getWidth(), expected.getHeight(), none),
                actual.getPixels(0, 0, actual.getWidth(), actual.getHeight(), none));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count(), "no part file is left");
        }
    }

    @Test
    void unwritablePngIsRefused() {
        Path path = folder.resolve("missing").resolve("a.png");
        IOException e = assertThrows(IOException.class,
                () -> new ImageGrid(1, 1, 1, 1, 1).write(path, new float[1]));
        assertEquals("cannot write " + path + ": its folder " + path.getParent() + " does not exist", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"2; 1; 1; 1; 1; channels 2: must be 1 (grey) or 3 (RGB)",
            "4; 1; 1; 1; 1; channels 4: must be 1 (grey) or 3 (RGB)", "1; 0; 1; 1; 1; height 0: must be 1 or more",
            "1; 1; -3; 1; 1; width -3: must be 1 or more", "1; 1; 1; -1; 1; columns -1: must be 0 or more",
            "1; 1; 1; 1; 0; scale 0: must be 1 or more"})
    void badSettingsAreRefused(int channels, int height, int width, int columns, int scale, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> new ImageGrid(channels, height, width, columns, scale)).getMessage());
    }

    @Test
    void badSamplesAreRefused() {
        ImageGrid grid = new ImageGrid(3, 4, 5, 1, 1);
        assertEquals("number of samples 0: must be 1 or more",
                assertThrows(IllegalArgumentException.class, grid::draw).getMessage());
        assertEquals("number of values of sample 1 59: must be 60",
                assertThrows(IllegalArgumentException.class, () -> grid.draw(new float[60], new float[59]))
                        .getMessage());
        assertEquals("number of pixels 1.0000400004E10: must be below 2^29",
                assertThrows(IllegalArgumentException.class,
                        () -> new ImageGrid(1, 10, 10, 1, 10_000).draw(new float[100])).getMessage());
    }

    private static float[][] samples(int count, int length) {
        Random random = new Random(count);
        float[][] samples = new float[count][length];
        for (float[] sample : samples) {
            for (int i = 0; i < length; i++) {
                sample[i] = random.nextInt(256) / 127.5f - 1;
            }
        }
        return samples;
    }
}
