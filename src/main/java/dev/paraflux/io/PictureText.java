package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;

/** Texts in PNG files, beside the pixels: what a picture was drawn from, for example. */
public final class PictureText {
    private static final String FORMAT = "javax_imageio_png_1.0";
    private static final String CHUNK = "iTXt";
    private static final int MOST_BYTES = 1 << 28;
    private static final int MOST_TEXT = 1 << 24;
    private static final int MOST_KEYWORD = 79;
    /** Behind the keyword: its end, whether the text is compressed, and how. */
    private static final int FLAGS = 3;
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G'};

    private PictureText() {}

    /** What a writer is given besides the pixels. */
    static IIOMetadata metadata(ImageWriter writer, BufferedImage image, ImageWriteParam settings,
            Map<String, String> texts) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image),
                settings);
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        IIOMetadataNode chunks = new IIOMetadataNode(CHUNK);
        texts.forEach((keyword, text) -> {
            Require.between(1, MOST_KEYWORD, "length of a keyword", keyword.length());
            IIOMetadataNode entry = new IIOMetadataNode(CHUNK + "Entry");
            entry.setAttribute("keyword", keyword);
            entry.setAttribute("compressionFlag", "FALSE");
            entry.setAttribute("compressionMethod", "0");
            entry.setAttribute("languageTag", "");
            entry.setAttribute("translatedKeyword", "");
            entry.setAttribute("text", text);
            chunks.appendChild(entry);
        });
        if (!texts.isEmpty()) {
            root.appendChild(chunks);
            metadata.mergeTree(FORMAT, root);
        }
        return metadata;
    }

    /**
     * The first text of a PNG, which is not compressed.
     *
     * @param keyword that it must have
     * @return empty if the file is no PNG, or its first text is another one
     * @throws IOException           with the path and the reason, if it cannot be read or is damaged
     * @throws IllegalValueException if the text is longer than 16 MiB
     */
    public static Optional<String> read(Path path, String keyword) throws IOException {
        return InputFile.read(path, file -> starts(file.head(SIGNATURE.length), SIGNATURE)
                ? find(file.all(MOST_BYTES), keyword.getBytes(StandardCharsets.ISO_8859_1)) : Optional.empty());
    }

    private static Optional<String> find(byte[] file, byte[] keyword) throws IOException {
        byte[] chunk = PngChunks.findWhole(file, CHUNK);
        boolean found = chunk != null && starts(chunk, keyword) && chunk.length > keyword.length + FLAGS
                && chunk[keyword.length] == 0 && chunk[keyword.length + 1] == 0;
        if (!found) {
            return Optional.empty();
        }
        Require.between(0, MOST_TEXT, "bytes of a text", chunk.length);
        // Two texts that say in which language it is, each up to a zero.
        int at = keyword.length + FLAGS;
        for (int zeros = 0; zeros < 2 && at < chunk.length; at++) {
            zeros += chunk[at] == 0 ? 1 : 0;
        }
        return Optional.of(new String(chunk, at, chunk.length - at, StandardCharsets.UTF_8));
    }

    private static boolean starts(byte[] bytes, byte[] with) {
        return bytes.length >= with.length && Arrays.equals(bytes, 0, with.length, with, 0, with.length);
    }
}
