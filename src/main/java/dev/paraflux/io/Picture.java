package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
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

    private static final int MOST_BYTES = 1 << 28;
    private static final int MOST_BITS = 16;
    /** Deflate makes at most 1032 bytes of one, of 8 pixels each. */
    private static final long MOST_PIXELS_A_BYTE = 8 * 1032;

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
     * Reads a picture of a file or a pipe: PNG, JPEG, GIF or BMP, turned upright where its Exif data say how it lies. Of a
     * GIF it is the first frame.
     *
     * @throws IOException           with the path and the reason: no such file, damaged, transparent, with more than 16
     *                               bits a channel
     * @throws IllegalValueException with the path, what was found and what is legal: another format, too many pixels,
     *                               other colours than grey or RGB
     */
    public static Picture read(Path path) throws IOException {
        return InputFile.read(path, file -> {
            // Before it is read to its end, which it may not have.
            PictureFormat format = PictureFormat.of(file.head(PictureFormat.MOST_MAGIC));
            byte[] bytes = file.all(MOST_BYTES);
            Orientation orientation = Orientation.read(bytes, format);
            return of(path.toString(), decode(bytes, format), orientation);
        });
    }

    private static BufferedImage decode(byte[] bytes, PictureFormat format) throws IOException {
        // A stream of our own: ImageIO's would put a cache file into the temporary folder.
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
            try {
                reader.setInput(stream, true, true);
                requireSize(reader.getWidth(0), reader.getHeight(0), bytes.length);
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IllegalValueException e) {
            throw e;
        } catch (IOException e) {
            // Its words are for programmers, where there are any.
            throw new IOException(endsEarly(e) ? "damaged: it ends too early"
                    : "damaged, or of a kind that Java cannot read", e);
        } catch (RuntimeException e) {
            // What Java's readers throw at damaged files is not always an IOException, and means nothing to a user.
            throw new IOException("damaged: its pixels cannot be decoded", e);
        } catch (OutOfMemoryError e) {
            // They take memory for what a damaged header says; an honest picture has a bounded number of pixels.
            throw new IOException("damaged, or too large for Java's memory of "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB (-Xmx)", e);
        }
    }

    /** Checked before memory is taken for the pixels. */
    private static void requireSize(int width, int height, int fileBytes) {
        long pixels = (long) width * height;
        Require.that(pixels > 0 && pixels <= MAX_PIXELS, "number of pixels", pixels, "1 to " + MAX_PIXELS);
        Require.that(pixels <= MOST_PIXELS_A_BYTE * fileBytes, "number of pixels", pixels,
                "less in a file of " + fileBytes + " bytes, which is damaged");
    }

    private static boolean endsEarly(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof EOFException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private static Picture of(String name, BufferedImage image, Orientation orientation) throws IOException {
        int height = image.getHeight();
        int width = image.getWidth();
        boolean palette = image.getColorModel() instanceof IndexColorModel;
        int colours = palette ? 3 : image.getColorModel().getNumColorComponents();
        if (colours != 1 && colours != 3) {
            throw new IllegalValueException("number of colours", colours, "1 (grey) or 3 (RGB)");
        }
        Raster raster = image.getRaster();
        float[] white = new float[colours];
        for (int c = 0; c < colours; c++) {
            int bits = palette ? 8 : raster.getSampleModel().getSampleSize(c);
            Require.between(1, MOST_BITS, "number of bits of a channel", bits);
            white[c] = (1 << bits) - 1;
        }
        float[][] channels = new float[colours][height * width];
        for (int i = 0; i < height * width; i++) {
            int x = i % width;
            int y = i / width;
            requireOpaque(image, x, y);
            for (int c = 0; c < colours; c++) {
                // A palette has plain bytes; of other pictures getRGB would convert the grey.
                channels[c][i] = (palette ? image.getRGB(x, y) >> (16 - 8 * c) & 255 : raster.getSample(x, y, c))
                        / white[c];
            }
        }
        for (int c = 0; c < colours; c++) {
            channels[c] = orientation.upright(channels[c], width, height);
        }
        return new Picture(name, orientation.height(width, height), orientation.width(width, height), channels);
    }

    private static void requireOpaque(BufferedImage image, int x, int y) throws IOException {
        if (image.getColorModel().hasAlpha()
                && image.getColorModel().getAlpha(image.getRaster().getDataElements(x, y, null)) != 255) {
            throw new IOException("the pixel at " + x + ", " + y + " is transparent: make it opaque");
        }
    }

    /**
     * The picture in C order of [channels, height, width], 0 (black) to 1 (white).
     *
     * @param wantedChannels 3, or any other number for a grey picture, every channel of which is that grey
     * @param what           what the picture is, for the message: "--image"
     * @throws IllegalValueException naming the size that it has and the one expected, or that it has colours where it
     *                               should be grey
     */
    public float[] values(String what, int wantedChannels, int wantedHeight, int wantedWidth) {
        if (height != wantedHeight || width != wantedWidth) {
            throw new IllegalValueException("size", new Size(width, height), new Size(wantedWidth, wantedHeight)
                    + " pixels, as pictures are not rescaled here").in(what + " " + name);
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
                    throw new IllegalValueException("pixel at " + i % width + ", " + i / width, Colour.COLOURED, "grey")
                            .in(what + " " + name);
                }
            }
        }
    }

    /** As a message says it. */
    private record Size(int width, int height) {
        @Override
        public String toString() {
            return width + " x " + height;
        }
    }

    private enum Colour {
        COLOURED;

        @Override
        public String toString() {
            return "coloured";
        }
    }
}
