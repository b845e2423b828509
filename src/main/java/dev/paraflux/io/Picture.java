package dev.paraflux.io;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture from a file, as the numbers in it: no colour management, no gamma, no rescaling. What {@link ImageGrid}
 * writes it reads back. Needs no display.
 */
public final class Picture {
    /** Pixels a picture may have, at most: 2^24. */
    public static final int MAX_PIXELS = 1 << 24;

    private final String name;
    private final int height;
    private final int width;
    private final float[][] channels;

    private Picture(String name, int height, int width, float[][] channels) {
        this.name = name;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    /**
     * Reads a picture of a format that Java knows: PNG, and without loss BMP and GIF.
     *
     * @throws IOException with the path and the reason: no such file, not a picture, damaged, too large, transparent
     */
    public static Picture read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path);
                // A stream of our own: ImageIO's would put a cache file into the temporary folder.
                ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
            return of(path.toString(), decode(stream));
        } catch (IOException e) {
            throw new IOException(path + ": " + AtomicFile.reason(e, path), e);
        } catch (RuntimeException e) {
            // What Java's readers throw at damaged files is not always an IOException.
            throw new IOException(path + ": not a picture that can be read: " + e, e);
        }
    }

    private static BufferedImage decode(ImageInputStream stream) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
        if (!readers.hasNext()) {
            throw new IOException("not a picture of a known format, legal: PNG");
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(stream, true, true);
            if ((long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS) {
                throw new IOException("a picture of " + reader.getWidth(0) + " x " + reader.getHeight(0)
                        + " pixels, legal: at most " + MAX_PIXELS + " pixels");
            }
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    private static Picture of(String name, BufferedImage image) throws IOException {
        int height = image.getHeight();
        int width = image.getWidth();
        boolean palette = image.getColorModel() instanceof IndexColorModel;
        int colours = palette ? 3 : image.getColorModel().getNumColorComponents();
        if (colours != 1 && colours != 3) {
            throw new IOException("a picture of " + colours + " colours, legal: grey or RGB");
        }
        float[][] channels = new float[colours][height * width];
        Raster raster = image.getRaster();
        for (int i = 0; i < height * width; i++) {
            int x = i % width;
            int y = i / width;
            requireOpaque(image, x, y);
            for (int c = 0; c < colours; c++) {
                // A palette holds plain bytes; of other pictures getRGB would convert the grey.
                channels[c][i] = palette ? (image.getRGB(x, y) >> (16 - 8 * c) & 255) / 255f
                        : raster.getSample(x, y, c) / (float) ((1 << raster.getSampleModel().getSampleSize(c)) - 1);
            }
        }
        return new Picture(name, height, width, channels);
    }

    private static void requireOpaque(BufferedImage image, int x, int y) throws IOException {
        if (image.getColorModel().hasAlpha()
                && image.getColorModel().getAlpha(image.getRaster().getDataElements(x, y, null)) != 255) {
            throw new IOException("the pixel at " + x + ", " + y + " is transparent, legal: opaque pixels only");
        }
    }

    /**
     * The picture in C order of [channels, height, width], 0 (black) to 1 (white).
     *
     * @param wantedChannels 3, or any other number for a grey picture, every channel of which is that grey
     * @param what           what the picture is, for the message: "--image"
     * @throws IllegalArgumentException naming the size that it has and the one expected, or that it has colours
     *                                  where it should be grey
     */
    public float[] values(String what, int wantedChannels, int wantedHeight, int wantedWidth) {
        if (height != wantedHeight || width != wantedWidth) {
            throw new IllegalArgumentException(what + " " + name + " is " + width + " x " + height
                    + " pixels, expected " + wantedWidth + " x " + wantedHeight + ": it is not rescaled here");
        }
        if (wantedChannels != 3) {
            requireGrey(what);
        }
        float[] values = new float[wantedChannels * height * width];
        for (int c = 0; c < wantedChannels; c++) {
            float[] channel = channels[channels.length == wantedChannels ? c : 0];
            System.arraycopy(channel, 0, values, c * height * width, height * width);
        }
        return values;
    }

    private void requireGrey(String what) {
        for (float[] channel : channels) {
            for (int i = 0; i < channel.length; i++) {
                if (channel[i] != channels[0][i]) {
                    throw new IllegalArgumentException(what + " " + name + " has a colour at " + i % width + ", "
                            + i / width + ", expected grey");
                }
            }
        }
    }
}
