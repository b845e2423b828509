package dev.paraflux.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** The chunks of a PNG file, looked through before Java's reader takes memory for what they say they are long. */
final class PngChunks {
    private static final int SIGNATURE_BYTES = 8;
    /** A chunk's length and name before its data; its checksum after it has 4 bytes more. */
    private static final int HEAD_BYTES = 8;
    private static final int LENGTH_BYTES = 4;
    private static final int CHECKSUM_BYTES = 4;

    private PngChunks() {}

    /**
     * The data of the first chunk of a name before the image's end; null if there is none.
     *
     * @throws IOException if a chunk is longer than the file
     */
    static byte[] find(byte[] png, String wanted) throws IOException {
        return find(png, wanted, false);
    }

    /**
     * The same, of which the checksum must be right.
     *
     * @throws IOException if it is not, or a chunk is longer than the file
     */
    static byte[] findWhole(byte[] png, String wanted) throws IOException {
        return find(png, wanted, true);
    }

    private static byte[] find(byte[] png, String wanted, boolean whole) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(png);
        int at = SIGNATURE_BYTES;
        byte[] found = null;
        while (at <= png.length - HEAD_BYTES) {
            long length = Integer.toUnsignedLong(file.getInt(at));
            String name = new String(png, at + LENGTH_BYTES, 4, StandardCharsets.ISO_8859_1);
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
                if (whole) {
                    requireChecksum(file, at + LENGTH_BYTES, data + (int) length, wanted);
                }
            }
            // May pass the end by the checksum, and not overflow: a file has less than 2^29 bytes.
            at = data + (int) length + CHECKSUM_BYTES;
        }
        return found;
    }

    /** Of a chunk's name and data. */
    private static void requireChecksum(ByteBuffer file, int from, int to, String name) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(file.array(), from, to - from);
        if (file.limit() - to < CHECKSUM_BYTES || file.getInt(to) != (int) checksum.getValue()) {
            throw new IOException("damaged: the checksum of its chunk " + name + " is not the one of its data");
        }
    }
}
