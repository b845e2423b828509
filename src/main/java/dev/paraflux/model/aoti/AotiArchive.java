package dev.paraflux.model.aoti;

import dev.paraflux.check.Reason;
import dev.paraflux.io.ZipContent;
import dev.paraflux.io.ZipEntries;
import dev.paraflux.io.ZipEntries.Entry;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A package as a file, before any of it is unpacked: the parts of its one model, and what the compiler tells of it. */
final class AotiArchive implements Closeable {
    /** How the name of the compiled library ends. */
    static final String LIBRARY = ".so";
    /** And that of its weights, where they lie beside it. */
    static final String WEIGHTS = ".blob";

    private static final String FOLDER = "/data/aotinductor/";
    private static final String METADATA = "_metadata.json";
    /** The library, calls of libtorch's own operators, and weights. */
    private static final List<String> PARTS = List.of(LIBRARY, ".json", WEIGHTS);
    /** Code for a device: for one kind of it, and for several. */
    private static final String KERNEL = ".cubin";
    private static final List<String> KERNELS = List.of(KERNEL, ".fatbin");

    private static final int MOST_METADATA_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Entry> entries;
    /** The path of the one model, without what its files' names end in. */
    private final String model;
    private final JsonValue metadata;

    private AotiArchive(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        entries = entries();
        model = model(entries.keySet());
        metadata = readMetadata(entries.get(model + METADATA));
    }

    /**
     * Opens a file.
     *
     * @throws IOException saying what is damaged, or missing in it
     */
    static AotiArchive open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            return new AotiArchive(file, channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private Map<String, Entry> entries() throws IOException {
        try {
            Map<String, Entry> found = new LinkedHashMap<>();
            for (Entry entry : ZipEntries.of(channel)) {
                if (found.put(entry.name(), entry) != null) {
                    throw new IOException("entry " + entry.name() + " stands there twice");
                }
            }
            return found;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private String model(Set<String> names) throws IOException {
        Set<String> models = new TreeSet<>();
        for (String name : names) {
            if (("/" + name).contains(FOLDER) && name.endsWith(LIBRARY)) {
                models.add(name.substring(0, name.length() - LIBRARY.length()));
            }
        }
        if (models.size() != 1) {
            throw unfit(models.isEmpty() ? "it has no compiled library: export it with"
                    + " torch._inductor.aoti_compile_and_package (tools/README.md)"
                    : "it has " + models.size() + " compiled libraries, of which none is the model: pack each of them"
                            + " alone");
        }
        String found = models.iterator().next();
        if (!names.contains(found + METADATA)) {
            throw unfit("its compiler does not tell which machine it is for (" + METADATA.substring(1)
                    + " is missing): compile it with PyTorch 2.7 or later");
        }
        String weights = ("/" + found).replaceFirst(FOLDER + ".*", "/data/weights/").substring(1);
        if (names.stream().anyMatch(name -> name.startsWith(weights))) {
            throw unfit("its weights lie apart from the compiled library (" + weights + "): compile it with them in"
                    + " it (aot_inductor.package_constants_in_so)");
        }
        return found;
    }

    private JsonValue readMetadata(Entry entry) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try {
            if (entry.size() > MOST_METADATA_BYTES) {
                throw new IOException("entry " + entry.name() + " is too long");
            }
            ZipContent.read(channel, entry, content);
        } catch (IOException e) {
            throw damaged(e);
        }
        try {
            return JsonFile.read(new ByteArrayInputStream(content.toByteArray()), entry.name());
        } catch (IOException e) {
            throw unfit(e);
        }
    }

    /** Where it lies. */
    Path file() {
        return file;
    }

    /** What it is read from. */
    FileChannel channel() {
        return channel;
    }

    /** What the compiler tells. */
    JsonValue metadata() {
        return metadata;
    }

    /** What is loaded by the library's own path, by how names end; the library first. */
    Map<String, Entry> parts() {
        Map<String, Entry> parts = new LinkedHashMap<>();
        PARTS.stream().filter(end -> entries.containsKey(model + end))
                .forEach(end -> parts.put(end, entries.get(model + end)));
        return parts;
    }

    /** The code for a device that lies beside the library, by the names that the library calls it. */
    Map<String, Entry> kernels() {
        Map<String, Entry> kernels = new LinkedHashMap<>();
        String folder = model.substring(0, model.lastIndexOf('/') + 1);
        for (Entry entry : entries.values()) {
            String name = entry.name().startsWith(folder) ? entry.name().substring(folder.length()) : "/";
            if (name.indexOf('/') < 0 && KERNELS.stream().anyMatch(name::endsWith)) {
                kernels.put(name, entry);
            }
        }
        return kernels;
    }

    /** Whether some of it runs on one kind of device alone. */
    boolean isForOneKind() {
        return kernels().keySet().stream().anyMatch(name -> name.endsWith(KERNEL));
    }

    /** What to throw where its bytes are not what they should be. */
    IOException damaged(IOException e) {
        return new IOException("model file " + file + " is damaged: " + Reason.of(e) + "; copy or download it again",
                e);
    }

    /** What to throw where it is whole, and nothing for this machine. */
    IOException unfit(String why) {
        return new IOException("model file " + file + " cannot be used here: " + why);
    }

    /** The same for a reason that was thrown. */
    IOException unfit(IOException e) {
        return new IOException("model file " + file + " cannot be used here: " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
