package dev.paraflux.model.aoti;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a shared library (ELF, 64 bits, x86-64) says of itself: which libraries it needs and which symbols it expects of
 * them. The loader binds functions when they are first called, so that one that is missing would end the virtual machine
 * then.
 */
final class SharedObject {
    private static final int HEADER_BYTES = 64;
    private static final int SECTION_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int DYNAMIC_BYTES = 16;
    private static final int MOST_TABLE_BYTES = 1 << 26;

    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE = 1;
    private static final int SHARED = 3;
    private static final int X86_64 = 62;
    private static final int SECTION_DYNAMIC = 6;
    private static final int SECTION_SYMBOLS = 11;
    private static final long NEEDED = 1;
    private static final int UNDEFINED = 0;
    private static final int GLOBAL = 1;
    private static final int WEAK = 2;
    private static final int UNIQUE = 10;
    /** Of a symbol: where its binding and type stand. */
    private static final int INFO_AT = 4;

    private final FileChannel file;
    private final ByteBuffer sections;
    private final List<String> needed = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    private SharedObject(FileChannel file) throws IOException {
        this.file = file;
        ByteBuffer header = at(0, HEADER_BYTES);
        require(header.getInt(0) == MAGIC && header.get(4) == CLASS_64 && header.get(5) == LITTLE,
                "it is no ELF file of"
                        + " 64 bits");
        require(header.getShort(16) == SHARED && header.getShort(18) == X86_64,
                "it is no shared library for x86-64");
        int count = Short.toUnsignedInt(header.getShort(60));
        require(count > 0 && header.getShort(58) == SECTION_BYTES, "it has no table of sections");
        sections = at(header.getLong(40), count * SECTION_BYTES);
        readNeeded(section(SECTION_DYNAMIC));
        readSymbols(section(SECTION_SYMBOLS));
    }

    /**
     * Reads a library, and makes it one that can be unloaded: symbols that are unique in the process, as GCC makes those of
     * C++'s inline functions, would keep it there for ever. They become weak ones in the file.
     *
     * @param file open for reading and writing
     * @throws IOException saying what is wrong with it
     */
    static SharedObject open(FileChannel file) throws IOException {
        return new SharedObject(file);
    }

    /** Names of the libraries that it needs, in the order in which they are searched. */
    List<String> needed() {
        return needed;
    }

    /** Names of the symbols that it expects them to have. */
    List<String> expected() {
        return expected;
    }

    /** Where a section of a type begins in the table. */
    private int section(int type) throws IOException {
        for (int at = 0; at < sections.limit(); at += SECTION_BYTES) {
            if (sections.getInt(at + 4) == type) {
                return at;
            }
        }
        throw new IOException("it has no table of dynamic symbols");
    }

    private ByteBuffer content(int section) throws IOException {
        return at(sections.getLong(section + 24), sections.getLong(section + 32));
    }

    /** The names that a section refers to. */
    private ByteBuffer names(int section) throws IOException {
        long link = Integer.toUnsignedLong(sections.getInt(section + 40));
        require(link < sections.limit() / SECTION_BYTES, "its names lie outside it");
        return content((int) link * SECTION_BYTES);
    }

    private void readNeeded(int section) throws IOException {
        ByteBuffer names = names(section);
        ByteBuffer entries = content(section);
        for (int at = 0; at + DYNAMIC_BYTES <= entries.limit(); at += DYNAMIC_BYTES) {
            if (entries.getLong(at) == NEEDED) {
                needed.add(name(names, entries.getLong(at + 8)));
            }
        }
    }

    private void readSymbols(int section) throws IOException {
        ByteBuffer names = names(section);
        ByteBuffer symbols = content(section);
        for (int at = 0; at + SYMBOL_BYTES <= symbols.limit(); at += SYMBOL_BYTES) {
            int binding = symbols.get(at + INFO_AT) >> 4 & 0xf;
            int defined = Short.toUnsignedInt(symbols.getShort(at + 6));
            if (defined == UNDEFINED && binding == GLOBAL) {
                expected.add(name(names, Integer.toUnsignedLong(symbols.getInt(at))));
            } else if (defined != UNDEFINED && binding == UNIQUE) {
                byte info = (byte) (WEAK << 4 | symbols.get(at + INFO_AT) & 0xf);
                file.write(ByteBuffer.wrap(new byte[] {info}), sections.getLong(section + 24) + at + INFO_AT);
            }
        }
    }

    private static String name(ByteBuffer names, long from) throws IOException {
        int end = (int) Math.min(from, names.limit());
        while (end < names.limit() && names.get(end) != 0) {
            end++;
        }
        require(end > from && end < names.limit(), "a name lies outside it");
        String name = StandardCharsets.ISO_8859_1.decode(names.slice((int) from, end - (int) from)).toString();
        require(name.chars().noneMatch(Character::isISOControl), "a name is no text");
        return name;
    }

    private ByteBuffer at(long position, long length) throws IOException {
        require(position >= 0 && length >= 0 && length <= MOST_TABLE_BYTES && position <= file.size() - length,
                "a table lies outside it");
        ByteBuffer found = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
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
