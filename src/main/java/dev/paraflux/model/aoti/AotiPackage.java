package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.io.ZipContent;
import dev.paraflux.io.ZipEntries;
import dev.paraflux.io.ZipEntries.Entry;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.Precision;
import dev.paraflux.model.Sha256;
import dev.paraflux.model.torch.TorchLibrary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model as AOTInductor packs it: a zip archive in which the compiled library lies, with its weights in it or beside it.
 * It is unpacked under names of our own, after everything was checked that can be before; what was unpacked is gone when
 * this is closed, which may be as soon as the model is loaded.
 *
 * <p>Code that a thread has run stays in memory until the thread ends. So that it is there once, however often a model is
 * loaded, the same content has the same path: the loader knows libraries by it. One package at a time is unpacked.
 */
final class AotiPackage implements AutoCloseable {
    private static final String FOLDER = "/data/aotinductor/";
    private static final String LIBRARY = ".so";
    /** What tools/export_model.py adds. */
    private static final String PRECISION = "PARAFLUX_PRECISION";
    private static final String METADATA = "_metadata.json";
    /** What lies beside the library, where there is any: calls of libtorch's own operators, and weights. */
    private static final List<String> BESIDE = List.of(".json", ".blob");

    private static final int MOST_METADATA_BYTES = 1 << 20;

    /** Of this process alone. */
    private static final String PLACE = "paraflux-compiled-" + ProcessHandle.current().pid() + "-"
            + Long.toHexString(new SecureRandom().nextLong());

    private final Path file;
    private final JsonValue metadata;
    private final Path place;
    private Path folder;

    private AotiPackage(Path file, JsonValue metadata) throws IOException {
        this.file = file;
        this.metadata = metadata;
        place = Path.of(System.getProperty("java.io.tmpdir"), PLACE);
        folder = place.resolve("incoming");
        try {
            Files.createDirectory(place,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw notUnpacked(e);
        }
    }

    /**
     * Checks a package, and unpacks it.
     *
     * @throws IOException saying what is damaged, what this machine lacks for it, or why it cannot be unpacked
     */
    static AotiPackage unpack(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            Map<String, Entry> entries = entries(file, channel);
            String model = model(file, entries.keySet());
            JsonValue metadata = metadata(file, channel, entries.get(model + METADATA));
            AotiPackage unpacked = new AotiPackage(file, metadata);
            try {
                unpacked.take(channel, entries, model);
                return unpacked;
            } catch (IOException | RuntimeException | Error e) {
                unpacked.close();
                throw e;
            }
        }
    }

    /** By the path without the folder that all of them lie in. */
    private static Map<String, Entry> entries(Path file, FileChannel channel) throws IOException {
        try {
            Map<String, Entry> entries = new LinkedHashMap<>();
            for (Entry entry : ZipEntries.of(channel)) {
                if (entries.put(entry.name(), entry) != null) {
                    throw new IOException("entry " + entry.name() + " stands there twice");
                }
            }
            return entries;
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    private static IOException damaged(Path file, IOException e) {
        return new IOException("model file " + file + " is damaged: " + Reason.of(e) + "; copy or download it again",
                e);
    }

    private static IOException unfit(Path file, String why) {
        return new IOException("model file " + file + " cannot be used here: " + why);
    }

    /** The path of the one model, without what its files' names end in. */
    private static String model(Path file, Set<String> names) throws IOException {
        Set<String> models = new TreeSet<>();
        for (String name : names) {
            if (("/" + name).contains(FOLDER) && name.endsWith(LIBRARY)) {
                models.add(name.substring(0, name.length() - LIBRARY.length()));
            }
        }
        if (models.size() != 1) {
            throw unfit(file, models.isEmpty() ? "it has no compiled library: export it with"
                    + " torch._inductor.aoti_compile_and_package (tools/README.md)"
                    : "it has " + models.size() + " compiled libraries, of which none is the model: pack each of them"
                            + " alone");
        }
        String model = models.iterator().next();
        if (!names.contains(model + METADATA)) {
            throw unfit(file, "its compiler does not tell which machine it is for (" + METADATA.substring(1)
                    + " is missing): compile it with PyTorch 2.7 or later");
        }
        String weights = ("/" + model).replaceFirst(FOLDER + ".*", "/data/weights/").substring(1);
        if (names.stream().anyMatch(name -> name.startsWith(weights))) {
            throw unfit(file,
                    "its weights lie apart from the compiled library (" + weights + "): compile it with them in"
                            + " it (aot_inductor.package_constants_in_so)");
        }
        return model;
    }

    /** What the compiler tells, which fits this machine. */
    private static JsonValue metadata(Path file, FileChannel channel, Entry entry) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try {
            if (entry.size() > MOST_METADATA_BYTES) {
                throw new IOException("entry " + entry.name() + " is too long");
            }
            ZipContent.read(channel, entry, content);
        } catch (IOException e) {
            throw damaged(file, e);
        }
        try {
            JsonValue metadata = JsonFile.read(new ByteArrayInputStream(content.toByteArray()), entry.name());
            AotiTarget.requireThis(metadata);
            return metadata;
        } catch (IOException e) {
            throw new IOException("model file " + file + " cannot be used here: " + e.getMessage(), e);
        }
    }

    private IOException notUnpacked(IOException e) {
        return new IOException("model file " + file + " cannot be unpacked: " + Reason.of(e) + placeWords(), e);
    }

    private static String placeWords() {
        return ". It is unpacked into the folder that -Djava.io.tmpdir names, " + System.getProperty("java.io.tmpdir")
                + ": it must be there, writable, have room, and not be mounted noexec";
    }

    private void take(FileChannel channel, Map<String, Entry> entries, String model) throws IOException {
        List<String> ends = new ArrayList<>(List.of(LIBRARY));
        BESIDE.stream().filter(end -> entries.containsKey(model + end)).forEach(ends::add);
        long bytes = 0;
        for (String end : ends) {
            bytes += entries.get(model + end).size();
        }
        long room = Files.getFileStore(folder).getUsableSpace();
        if (bytes < 0 || bytes > room) {
            throw new IOException(
                    "model file " + file + " cannot be unpacked: it needs " + bytes + " bytes, and " + room
                            + " are free" + placeWords());
        }
        MessageDigest digest = Sha256.begin();
        for (String end : ends) {
            unpack(channel, entries.get(model + end), folder.resolve("model" + end), digest);
        }
        requireLibraries();
        folder = Files.move(folder, place.resolve(Sha256.hex(digest)));
    }

    private void unpack(FileChannel channel, Entry entry, Path to, MessageDigest digest) throws IOException {
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
            ZipContent.read(channel, entry, out);
        } catch (FileSystemException e) {
            throw notUnpacked(e);
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    /** Everything that the library expects of others is to be there before it is loaded. */
    private void requireLibraries() throws IOException {
        SharedObject object;
        try (FileChannel channel = FileChannel.open(library(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            object = SharedObject.open(channel);
        } catch (IOException e) {
            throw new IOException("model file " + file + " has a compiled library that is damaged: " + Reason.of(e), e);
        }
        AotiLibrary.require();
        for (String needed : object.needed()) {
            if (!AotiLibrary.isThere(needed)) {
                throw unfit(file,
                        "it needs library " + needed + ", which is not there: install it, or compile the model"
                                + " without it");
            }
        }
        List<String> missing = object.expected().stream()
                .filter(symbol -> object.needed().stream().noneMatch(needed -> AotiLibrary.has(needed, symbol)))
                .toList();
        if (!missing.isEmpty()) {
            throw unfit(file, "it calls " + String.join(", ", missing.subList(0, Math.min(missing.size(), 5)))
                    + (missing.size() > 5 ? " and " + (missing.size() - 5) + " more" : "")
                    + ", which this libtorch (" + TorchLibrary.version()
                    + ") does not have: compile it with a version of PyTorch that is nearer to it");
        }
    }

    /** The compiled library. */
    Path library() {
        return folder.resolve("model" + LIBRARY);
    }

    /** Its weights, if they lie beside it; else null. */
    Path weights() {
        Path weights = folder.resolve("model" + BESIDE.get(1));
        return Files.exists(weights) ? weights : null;
    }

    /** What it calculates with inside, if whoever exported it has written it down. */
    Optional<Precision> precision() throws IOException {
        if (!metadata.has(PRECISION)) {
            return Optional.empty();
        }
        Map<String, Precision> legal = Stream.of(Precision.values())
                .collect(Collectors.toMap(Precision::toString, precision -> precision));
        try {
            return Optional.of(metadata.get(PRECISION).choice(legal));
        } catch (IllegalValueException e) {
            throw new IOException("model file " + file + " has metadata that is not what it should be: "
                    + e.getMessage(), e);
        }
    }

    /** Removes what was unpacked. Code that is loaded stays until its model is closed. */
    @Override
    public void close() throws IOException {
        for (Path each : new Path[] {folder, place}) {
            if (Files.isDirectory(each)) {
                remove(each);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
