package dev.paraflux.model.aoti;

import dev.paraflux.thread.Apart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The code for a device that lies beside a compiled library. The library reads each part when it is first called for, so that all
 * of them stay until the model is closed; what is open at the end of the process is removed then.
 */
final class KernelFolder implements AutoCloseable {
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(
                Apart.thread(() -> OPEN.forEach(KernelFolder::removeIfPossible), "paraflux-kernels", 0));
    }

    private final Path path;

    private KernelFolder(Path path) {
        this.path = path;
    }

    /** An empty one, for this user's eyes only, in the folder of temporary files. */
    static KernelFolder make() throws IOException {
        Path made = Files.createTempDirectory("paraflux-kernels-" + ProcessHandle.current().pid() + "-");
        OPEN.add(made);
        return new KernelFolder(made);
    }

    Path path() {
        return path;
    }

    /**
     * Removes it.
     *
     * @throws UncheckedIOException if that cannot be done
     */
    @Override
    public void close() {
        remove(path);
        OPEN.remove(path);
    }

    private static void removeIfPossible(Path folder) {
        try {
            remove(folder);
        } catch (UncheckedIOException e) {
            // Others may be removed yet, and nobody is there to be told.
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
