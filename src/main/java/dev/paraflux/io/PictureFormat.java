package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The formats that pictures are read from, known by their first bytes. */
enum PictureFormat {
    PNG("\u0089PNG\r\n\u001a\n"), JPEG("\u00ff\u00d8\u00ff"), GIF("GIF8"), BMP("BM");

    /** Bytes that tell one. */
    static final int MOST_MAGIC = 8;
    static final String NAMES = "PNG, JPEG, GIF or BMP";

    private final byte[] magic;

    PictureFormat(String magic) {
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The format of a file's content.
     *
     * @throws IllegalValueException if it is none of these
     */
    static PictureFormat of(byte[] file) {
        for (PictureFormat format : values()) {
            if (begins(file, format.magic)) {
                return format;
            }
        }
        boolean tiff = begins(file, new byte[] {'I', 'I', 42, 0}) || begins(file, new byte[] {'M', 'M', 0, 42});
        throw new IllegalValueException("format", tiff ? Known.TIFF : file.length == 0 ? Known.EMPTY : Known.UNKNOWN,
                NAMES);
    }

    private static boolean begins(byte[] file, byte[] magic) {
        return file.length >= magic.length && Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
    }

    /** What else a file can be, as a message says it. */
    private enum Known {
        TIFF, EMPTY, UNKNOWN;

        @Override
        public String toString() {
            return this == TIFF ? "TIFF" : this == EMPTY ? "of an empty file" : "unknown";
        }
    }
}
