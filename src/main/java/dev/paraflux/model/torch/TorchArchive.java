package dev.paraflux.model.torch;

import dev.paraflux.check.Reason;
import dev.paraflux.model.torch.ZipEntries.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks a TorchScript file before libtorch reads it: libtorch believes what a file says of itself, checks no sums, and
 * reads past the end of weights that are shorter than their tensor. Every entry is read once.
 */
final class TorchArchive {
    private static final int CHUNK = 1 << 20;
    /** Code and pickles are megabytes at most; weights are not held in memory here. */
    private static final long MOST_UNPACKED = 1L << 28;

    private final FileChannel file;
    private final String name;
    /** By the path within the archive's folder. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private TorchArchive(FileChannel file, List<Entry> all) throws IOException {
        this.file = file;
        require(!all.isEmpty() && all.get(0).name().indexOf('/') > 0, "it has no folder");
        name = all.get(0).name().substring(0, all.get(0).name().indexOf('/') + 1);
        Set<String> seen = new HashSet<>();
        for (Entry entry : all) {
            require(entry.name().startsWith(name), "entry " + entry.name() + " lies outside its folder");
            String path = entry.name().substring(name.length());
            // libtorch does not tell a from A when it looks for an entry, so that there must be only one.
            require(seen.add(path.startsWith("code/") ? path : path.toLowerCase(Locale.ROOT)),
                    "entry " + entry.name() + " stands there twice");
            entries.put(path, entry);
        }
    }

    /**
     * Checks a TorchScript file.
     *
     * @throws IOException saying what is damaged
     */
    static void check(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            new TorchArchive(file, ZipEntries.of(file)).check();
        } catch (IOException e) {
            throw new IOException("model file " + path + " is damaged: " + Reason.of(e)
                    + "; copy or download it again", e);
        }
    }

    private void check() throws IOException {
        for (Map.Entry<String, Entry> next : entries.entrySet()) {
            String path = next.getKey();
            // Others, such as the inputs that a module was traced with, libtorch does not read.
            boolean pickle = path.equals("data.pkl") || path.equals("constants.pkl") || path.endsWith(".debug_pkl");
            byte[] content = content(next.getValue(), pickle);
            if (pickle) {
                String folder = path.substring(0, path.lastIndexOf('.')) + "/";
                StoredTensors.check(content, key -> bytes(folder + key));
            }
        }
    }

    private long bytes(String path) {
        Entry entry = entries.get(path);
        return entry == null ? -1 : entry.size();
    }

    /** Reads an entry to its end and checks its sum; gives its content where it is asked for. */
    private byte[] content(Entry entry, boolean kept) throws IOException {
        boolean packed = entry.method() == ZipEntries.DEFLATED;
        require(!(kept || packed) || entry.size() <= MOST_UNPACKED, "entry " + entry.name() + " is too long");
        CRC32 sum = new CRC32();
        ByteArrayOutputStream content = kept ? new ByteArrayOutputStream((int) entry.size()) : null;
        long size = packed ? inflate(entry, sum, content) : copy(entry, sum, content);
        require(size == entry.size() && sum.getValue() == entry.crc(),
                "entry " + entry.name() + " is not what was written (its checksum differs)");
        return kept ? content.toByteArray() : null;
    }

    private long copy(Entry entry, CRC32 sum, ByteArrayOutputStream content) throws IOException {
        for (long done = 0; done < entry.size();) {
            int length = (int) Math.min(CHUNK, entry.size() - done);
            ByteBuffer chunk = ZipEntries.read(file, entry.at() + done, length);
            sum.update(chunk.array(), 0, length);
            if (content != null) {
                content.write(chunk.array(), 0, length);
            }
            done += length;
        }
        return entry.size();
    }

    private long inflate(Entry entry, CRC32 sum, ByteArrayOutputStream content) throws IOException {
        require(entry.packed() <= MOST_UNPACKED, "entry " + entry.name() + " is too long");
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(ZipEntries.read(file, entry.at(), (int) entry.packed()));
            byte[] chunk = new byte[(int) Math.min(CHUNK, entry.size() + 1)];
            long size = 0;
            while (!inflater.finished() && size <= entry.size()) {
                int length = inflater.inflate(chunk);
                require(length > 0 || inflater.finished(), "entry " + entry.name() + " ends too early");
                sum.update(chunk, 0, length);
                if (content != null) {
                    content.write(chunk, 0, length);
                }
                size += length;
            }
            return size;
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
