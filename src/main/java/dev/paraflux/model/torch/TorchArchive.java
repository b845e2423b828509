package dev.paraflux.model.torch;

import dev.paraflux.check.Reason;
import dev.paraflux.io.ZipContent;
import dev.paraflux.io.ZipEntries;
import dev.paraflux.io.ZipEntries.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks a TorchScript file before libtorch reads it: libtorch believes what a file says of itself, checks no sums, and
 * reads past the end of weights that are shorter than their tensor. Every entry is read once.
 */
final class TorchArchive {
    /** Code and pickles are megabytes at most; weights are not held in memory here. */
    private static final long MOST_UNPACKED = 1L << 28;

    /** libtorch would read it instead of the rest. */
    private static final String OLD_FORMAT = "model.json";

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
        require(entries.keySet().stream().noneMatch(OLD_FORMAT::equalsIgnoreCase),
                "it is of a format that PyTorch wrote before 1.2: save it again");
        TorchCode codes = new TorchCode();
        for (Map.Entry<String, Entry> next : entries.entrySet()) {
            // libtorch does not tell a from A here either.
            String path = next.getKey().toLowerCase(Locale.ROOT);
            // Others, such as the inputs that a module was traced with, libtorch does not read.
            boolean pickle = path.equals("data.pkl") || path.equals("constants.pkl") || path.endsWith(".debug_pkl");
            boolean code = path.startsWith("code/") && path.endsWith(".py");
            byte[] content = content(next.getValue(), pickle || code);
            if (pickle) {
                String folder = path.substring(0, path.lastIndexOf('.')) + "/";
                StoredTensors.check(content, key -> bytes(folder + key));
            } else if (code) {
                codes.check(content);
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
        ByteArrayOutputStream content = kept ? new ByteArrayOutputStream((int) entry.size()) : null;
        ZipContent.read(file, entry, kept ? content : OutputStream.nullOutputStream());
        return kept ? content.toByteArray() : null;
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
