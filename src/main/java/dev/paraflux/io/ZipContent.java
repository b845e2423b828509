package dev.paraflux.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What an entry of a zip archive holds, read to its end and held to the length and the sum that the archive tells. */
public final class ZipContent {
    private static final int CHUNK = 1 << 20;

    private final FileChannel file;
    private final ZipEntries.Entry entry;
    private final OutputStream into;
    private final CRC32 sum = new CRC32();
    private long size;

    private ZipContent(FileChannel file, ZipEntries.Entry entry, OutputStream into) {
        this.file = file;
        this.entry = entry;
        this.into = into;
    }

    /**
     * Reads an entry.
     *
     * @param into takes its content, as far as it is read; the caller's
     * @throws IOException saying what is damaged, or that {@code into} fails
     */
    public static void read(FileChannel file, ZipEntries.Entry entry, OutputStream into) throws IOException {
        ZipContent content = new ZipContent(file, entry, into);
        if (entry.method() == ZipEntries.DEFLATED) {
            content.inflate();
        } else {
            content.copy();
        }
        require(content.size == entry.size() && content.sum.getValue() == entry.crc(),
                "entry " + entry.name() + " is not what was written (its checksum differs)");
    }

    private void take(byte[] chunk, int length) throws IOException {
        sum.update(chunk, 0, length);
        into.write(chunk, 0, length);
        size += length;
    }

    private void copy() throws IOException {
        while (size < entry.size()) {
            int length = (int) Math.min(CHUNK, entry.size() - size);
            take(ZipEntries.read(file, entry.at() + size, length).array(), length);
        }
    }

    private void inflate() throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            byte[] chunk = new byte[(int) Math.min(CHUNK, entry.size() + 1)];
            long read = 0;
            while (!inflater.finished() && size <= entry.size()) {
                if (inflater.needsInput()) {
                    int length = (int) Math.min(CHUNK, entry.packed() - read);
                    require(length > 0, "entry " + entry.name() + " ends too early");
                    ByteBuffer packed = ZipEntries.read(file, entry.at() + read, length);
                    inflater.setInput(packed);
                    read += length;
                }
                int length = inflater.inflate(chunk);
                require(length > 0 || inflater.finished() || inflater.needsInput(),
                        "entry " + entry.name() + " cannot be unpacked");
                take(chunk, length);
            }
        } catch (DataFormatException e) {
            throw new IOException("entry " + entry.name() + " cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
