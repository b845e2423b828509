package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.io.ZipContent;
import dev.paraflux.io.ZipEntries.Entry;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.Precision;
import dev.paraflux.model.Sha256;
import dev.paraflux.model.torch.TorchLibrary;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model as AOTInductor packs it: a zip archive in which the compiled library lies, with its weights in it or beside it.
 * It is unpacked under names of our own, after everything was checked that can be before; what was unpacked is gone when
 * this is closed, which may be as soon as the model is loaded. Code for a device alone stays with the model.
 *
 * <p>Code that a thread has run stays in memory until the thread ends. So that it is there once, however often a model is
 * loaded, the same content has the same path: the loader knows libraries by it. One package at a time is unpacked.
 */
final class AotiPackage implements AutoCloseable {
    /** What tools/export_model.py adds. */
    private static final String PRECISION = "PARAFLUX_PRECISION";

    /** Of this process alone. */
    private static final String PLACE = "paraflux-compiled-" + ProcessHandle.current().pid() + "-"
            + Long.toHexString(new SecureRandom().nextLong());

    private final AotiArchive archive;
    private final Path file;
    private final JsonValue metadata;
    private final Path place;
    private Path folder;
    private KernelFolder kernels;

    private AotiPackage(AotiArchive archive) throws IOException {
        this.archive = archive;
        file = archive.file();
        metadata = archive.metadata();
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
     * @param device where it is to run
     * @throws IOException           saying what is damaged, what this machine lacks for it, or why it cannot be unpacked
     * @throws IllegalValueException if nothing of its kind can run on the device that was asked for
     */
    static AotiPackage unpack(Path file, AotiDevice device) throws IOException {
        try (AotiArchive archive = AotiArchive.open(file)) {
            AotiTarget.requireKind(archive, device);
            AotiTarget.requireThis(archive);
            device.require(archive);
            AotiPackage unpacked = new AotiPackage(archive);
            try {
                unpacked.take();
                return unpacked;
            } catch (IOException | RuntimeException | Error e) {
                unpacked.close();
                throw e;
            }
        }
    }

    private IOException notUnpacked(IOException e) {
        return new IOException("model file " + file + " cannot be unpacked: " + Reason.of(e) + placeWords(), e);
    }

    private static String placeWords() {
        return ". It is unpacked into the folder that -Djava.io.tmpdir names, " + System.getProperty("java.io.tmpdir")
                + ": it must be there, writable, have room, and not be mounted noexec";
    }

    private void take() throws IOException {
        Map<String, Entry> parts = archive.parts();
        Map<String, Entry> code = archive.kernels();
        long bytes = Stream.concat(parts.values().stream(), code.values().stream()).mapToLong(Entry::size).sum();
        long room = Files.getFileStore(folder).getUsableSpace();
        if (bytes < 0 || bytes > room) {
            throw new IOException(
                    "model file " + file + " cannot be unpacked: it needs " + bytes + " bytes, and " + room
                            + " are free" + placeWords());
        }
        MessageDigest digest = Sha256.begin();
        for (Map.Entry<String, Entry> part : parts.entrySet()) {
            unpack(part.getValue(), folder.resolve("model" + part.getKey()), digest);
        }
        requireLibraries();
        takeKernels(code);
        folder = Files.move(folder, place.resolve(Sha256.hex(digest)));
    }

    private void takeKernels(Map<String, Entry> code) throws IOException {
        if (code.isEmpty()) {
            return;
        }
        try {
            kernels = KernelFolder.make();
        } catch (IOException e) {
            throw notUnpacked(e);
        }
        for (Map.Entry<String, Entry> kernel : code.entrySet()) {
            unpack(kernel.getValue(), kernels.path().resolve(kernel.getKey()), Sha256.begin());
        }
    }

    private void unpack(Entry entry, Path to, MessageDigest digest) throws IOException {
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
            ZipContent.read(archive.channel(), entry, out);
        } catch (FileSystemException e) {
            throw notUnpacked(e);
        } catch (IOException e) {
            throw archive.damaged(e);
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
        for (String needed : object.needed()) {
            if (!AotiLibrary.isThere(needed)) {
                throw archive.unfit(
                        "it needs library " + needed + ", which is not there: install it, or compile the model"
                                + " without it");
            }
        }
        List<String> missing = object.expected().stream()
                .filter(symbol -> object.needed().stream().noneMatch(needed -> AotiLibrary.has(needed, symbol)))
                .toList();
        if (!missing.isEmpty()) {
            throw archive.unfit("it calls " + String.join(", ", missing.subList(0, Math.min(missing.size(), 5)))
                    + (missing.size() > 5 ? " and " + (missing.size() - 5) + " more" : "")
                    + ", which this libtorch (" + TorchLibrary.version()
                    + ") does not have: compile it with a version of PyTorch that is nearer to it");
        }
    }

    /** The compiled library. */
    Path library() {
        return folder.resolve("model" + AotiArchive.LIBRARY);
    }

    /** Its weights, if they lie beside it; else null. */
    Path weights() {
        Path weights = folder.resolve("model" + AotiArchive.WEIGHTS);
        return Files.exists(weights) ? weights : null;
    }

    /** The file that it was unpacked from. */
    Path file() {
        return file;
    }

    /** Where its code for a device lies; null where none lies beside the library. */
    Path kernels() {
        return kernels == null ? null : kernels.path();
    }

    /** That code, which is the caller's from now on to close; null where none lies beside the library. */
    KernelFolder takeKernels() {
        KernelFolder taken = kernels;
        kernels = null;
        return taken;
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

    /** Removes what was unpacked, and not taken. Code that is loaded stays until its model is closed. */
    @Override
    public void close() throws IOException {
        if (kernels != null) {
            kernels.close();
        }
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
