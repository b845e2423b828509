package dev.paraflux.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Reads files of text: prompts, or what a tokenizer merges. */
public final class TextFile {
    /** A tokenizer's longest file has a tenth of it. */
    private static final int MOST_BYTES = 1 << 26;

    private TextFile() {}

    /**
     * The lines of a file in UTF-8.
     *
     * @throws IOException              with the path and the reason, if it cannot be read or is no such text
     * @throws IllegalArgumentException if it is longer than 64 MiB
     */
    public static List<String> lines(Path path) throws IOException {
        return InputFile.read(path, file -> {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file.all(MOST_BYTES))).toString()
                        .lines().toList();
            } catch (CharacterCodingException e) {
                throw new IOException("it is no text in UTF-8", e);
            }
        });
    }
}
