package dev.paraflux.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of contents of a zip archive, read as libtorch reads it: what Java's own reader takes and libtorch does not,
 * or the other way round, would make a check worthless. Archives with a comment, with encryption, or in several parts are
 * refused; libtorch writes none.
 */
public final class ZipEntries {
    public static final int STORED = 0;
    public static final int DEFLATED = 8;

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int ENCRYPTED = 1;
    private static final int ZIP_64 = 1;
    private static final long SATURATED = 0xffffffffL;
    private static final int MOST_TABLE_BYTES = 1 << 27;

    /**
     * One entry.
     *
     * @param name   its whole path
     * @param method {@link #STORED} or {@link #DEFLATED}
     * @param crc    of its content
     * @param at     where its bytes begin in the file
     * @param packed how many they are
     * @param size   of its content
     */
    public record Entry(String name, int method, long crc, long at, long packed, long size) {}

    private final FileChannel file;
    private final long bytes;

    private ZipEntries(FileChannel file) throws IOException {
        this.file = file;
        bytes = file.size();
    }

    /**
     * Reads the table.
     *
     * @throws IOException saying what is wrong with it
     */
    public static List<Entry> of(FileChannel file) throws IOException {
        return new ZipEntries(file).read();
    }

    private List<Entry> read() throws IOException {
        long endAt = bytes - END_BYTES;
        require(endAt >= 0, "it is too short");
        ByteBuffer end = at(endAt, END_BYTES);
        require(end.getInt(0) == END, "its table of contents is not at its end, so that a part is missing");
        require(end.getShort(20) == 0 && end.getInt(4) == 0, "it has a comment or several parts");
        long count = Short.toUnsignedLong(end.getShort(10));
        long size = Integer.toUnsignedLong(end.getInt(12));
        long start = Integer.toUnsignedLong(end.getInt(16));
        long tableEnd = endAt;
        long locatorAt = endAt - LOCATOR_64_BYTES;
        if (locatorAt >= END_64_BYTES && at(locatorAt, 4).getInt(0) == LOCATOR_64) {
            long end64At = at(locatorAt, LOCATOR_64_BYTES).getLong(8);
            require(end64At >= 0 && end64At <= locatorAt - END_64_BYTES, "its table of contents lies outside it");
            ByteBuffer end64 = at(end64At, END_64_BYTES);
            require(end64.getInt(0) == END_64, "its table of contents has no end");
            require(agree(count, 0xffff, end64.getLong(32)) && agree(size, SATURATED, end64.getLong(40))
                    && agree(start, SATURATED, end64.getLong(48)), "the two ends of its table of contents differ");
            count = end64.getLong(32);
            size = end64.getLong(40);
            start = end64.getLong(48);
            tableEnd = end64At;
        }
        require(size >= 0 && size <= MOST_TABLE_BYTES && start >= 0 && start <= tableEnd - size,
                "its table of contents lies outside it");
        return entries(at(start, (int) size), count, start);
    }

    private static boolean agree(long narrow, long saturated, long wide) {
        return narrow == saturated || narrow == wide;
    }

    private List<Entry> entries(ByteBuffer table, long count, long tableStart) throws IOException {
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < count) {
            require(table.remaining() >= CENTRAL_BYTES && table.getInt(table.position()) == CENTRAL,
                    "entry " + entries.size() + " of its table of contents is broken");
            int from = table.position();
            int nameBytes = Short.toUnsignedInt(table.getShort(from + 28));
            int extraBytes = Short.toUnsignedInt(table.getShort(from + 30));
            int all = CENTRAL_BYTES + nameBytes + extraBytes + Short.toUnsignedInt(table.getShort(from + 32));
            require(table.remaining() >= all, "entry " + entries.size() + " of its table of contents is broken");
            entries.add(entry(table.slice(from, all).order(ByteOrder.LITTLE_ENDIAN), nameBytes, extraBytes,
                    tableStart));
            table.position(from + all);
        }
        require(!table.hasRemaining(), "its table of contents is longer than its entries");
        return entries;
    }

    private Entry entry(ByteBuffer central, int nameBytes, int extraBytes, long tableStart) throws IOException {
        String name = text(central, CENTRAL_BYTES, nameBytes);
        require(name.chars().noneMatch(Character::isISOControl), "the name of an entry is no text");
        int method = Short.toUnsignedInt(central.getShort(10));
        require((central.getShort(8) & ENCRYPTED) == 0 && (method == STORED || method == DEFLATED),
                "entry " + name + " is encrypted, or compressed in a way that is not known");
        long packed = Integer.toUnsignedLong(central.getInt(20));
        long size = Integer.toUnsignedLong(central.getInt(24));
        long localAt = Integer.toUnsignedLong(central.getInt(42));
        if (packed == SATURATED || size == SATURATED || localAt == SATURATED) {
            ByteBuffer wide = wide(central, CENTRAL_BYTES + nameBytes, extraBytes, name);
            try {
                size = size == SATURATED ? wide.getLong() : size;
                packed = packed == SATURATED ? wide.getLong() : packed;
                localAt = localAt == SATURATED ? wide.getLong() : localAt;
            } catch (java.nio.BufferUnderflowException e) {
                throw new IOException("entry " + name + " does not say how long it is", e);
            }
        }
        require(localAt >= 0 && localAt <= tableStart - LOCAL_BYTES, "entry " + name + " lies outside it");
        ByteBuffer local = at(localAt, LOCAL_BYTES);
        int localNameBytes = Short.toUnsignedInt(local.getShort(26));
        long at = localAt + LOCAL_BYTES + localNameBytes + Short.toUnsignedInt(local.getShort(28));
        require(local.getInt(0) == LOCAL && Short.toUnsignedInt(local.getShort(8)) == method
                && localNameBytes == nameBytes && at <= tableStart
                && text(at(localAt + LOCAL_BYTES, nameBytes), 0, nameBytes).equals(name),
                "entry " + name + " is not where its table of contents says");
        require(packed >= 0 && size >= 0 && packed <= tableStart - at && (method != STORED || packed == size),
                "entry " + name + " is longer than the place it has");
        return new Entry(name, method, Integer.toUnsignedLong(central.getInt(16)), at, packed, size);
    }

    /** The extra field with the numbers of 64 bits. */
    private static ByteBuffer wide(ByteBuffer central, int from, int extraBytes, String name) throws IOException {
        int at = from;
        while (at + 4 <= from + extraBytes) {
            int length = Short.toUnsignedInt(central.getShort(at + 2));
            if (Short.toUnsignedInt(central.getShort(at)) == ZIP_64 && at + 4 + length <= from + extraBytes) {
                return central.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + length;
        }
        throw new IOException("entry " + name + " does not say how long it is");
    }

    private static String text(ByteBuffer from, int at, int length) {
        byte[] name = new byte[length];
        from.get(at, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private ByteBuffer at(long position, int length) throws IOException {
        return read(file, position, length);
    }

    /** Bytes of a file. */
    static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (found.hasRemaining()) {
            if (file.read(found, position + found.position()) < 0) {
                throw new EOFException("it ends too early");
            }
        }
        return found.flip();
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
