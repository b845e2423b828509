package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The picture files that are written: PNG, which keeps every pixel, and JPEG. */
public final class PictureFile {
    /** The endings of their names, for a message; capital letters will do, too. */
    public static final String ENDINGS = ".png, .jpg or .jpeg";

    /** Little of a picture is lost; Java's own 0.75 shows at edges. */
    private static final float JPEG_QUALITY = 0.95f;
    /** What its 16 bits of width and height can say, as its library has it. */
    private static final int MOST_JPEG_SIDE = 65500;

    private PictureFile() {}

    /**
     * Checks that a file's ending names a format that can be written.
     *
     * @param name what the path is called in the message
     * @throws IllegalValueException if it does not
     */
    public static void requireEnding(String name, Path path) {
        format(name, path);
    }

    private static String format(String name, Path path) {
        String text = path.toString().toLowerCase(Locale.ROOT);
        if (text.endsWith(".png")) {
            return "png";
        }
        if (text.endsWith(".jpg") || text.endsWith(".jpeg")) {
            return "jpeg";
        }
        throw new IllegalValueException(name, path.toString(), "the name of a file that ends in " + ENDINGS);
    }

    /** Writes a picture in the format of the file's ending, all of it or nothing; see {@link ImageGrid#write}. */
    public static void write(Path path, BufferedImage image, Map<String, String> texts) throws IOException {
        String format = format("path", path);
        if (format.equals("jpeg")) {
            Require.between(1, MOST_JPEG_SIDE, "width of a JPEG", image.getWidth());
            Require.between(1, MOST_JPEG_SIDE, "height of a JPEG", image.getHeight());
        }
        AtomicFile.write(path, out -> write(format, out, image, texts));
    }

    /** Writes a picture to a stream. Why that fails, the stream says, and not ImageIO, whose exception is around it. */
    static void write(String format, OutputStream out, BufferedImage image, Map<String, String> texts)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        // A stream of our own: ImageIO's would put a cache file into the temporary folder.
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            if (format.equals("jpeg")) {
                settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                settings.setCompressionQuality(JPEG_QUALITY);
            }
            writer.write(null, new IIOImage(image, null,
                    format.equals("png") ? PictureText.metadata(writer, image, settings, texts) : null), settings);
        } catch (IIOException e) {
            throw e.getCause() instanceof IOException cause ? cause : e;
        } finally {
            writer.dispose();
        }
    }
}
