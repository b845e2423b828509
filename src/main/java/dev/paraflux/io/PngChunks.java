package dev.paraflux.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The chunks of a PNG file, looked through before Java's reader takes memory for what they say they are long. */
final class PngChunks {
    private static final int SIGNATURE_BYTES = 8;
    /** A chunk's length and name before its data; its checksum after it has 4 bytes more. */
    private static final int HEAD_BYTES = 8;

    private PngChunks() {}

    /**
     * The data of the first chunk of a name before the image's end; null if there is none.
     *
     * @throws IOException if a chunk is longer than the file
     */
    static byte[] find(byte[] png, String wanted) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(png);
        int at = SIGNATURE_BYTES;
        byte[] found = null;
        while (at <= png.length - HEAD_BYTES) {
            long length = Integer.toUnsignedLong(file.getInt(at));
            String name = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
            int data = at + HEAD_BYTES;
            if (length > png.length - data) {
                throw new IOException(
                        "damaged: a chunk of " + length + " bytes, and the file has " + (png.length - data)
                                + " more");
            }
            if (name.equals("IEND")) {
                break;
            }
            if (found == null && name.equals(wanted)) {
                found = Arrays.copyOfRange(png, data, data + (int) length);
            }
            // May pass the end by the checksum, and not overflow: a file has less than 2^29 bytes.
            at = data + (int) length + 4;
        }
        return found;
    }
}
