package dev.paraflux.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes whole files or none. Use it for every file a user asked for.
 *
 * <p>The content goes to {@code .NAME.<random>.part} in the target's folder, which is moved over the target once it is
 * complete. A killed process can leave that part file behind, never a half-written target.
 */
public final class AtomicFile {
    /** What to write. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content from its first byte to its last.
         *
         * @param out buffered; may be closed or left open
         * @throws IOException if it cannot be written; nothing is left of the file then
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Checks that a file could be written, so that a command can refuse before its work and not after it.
     *
     * @param target a file that may exist or not, in a folder that exists
     * @throws IOException with the path and the reason: the target is a folder, a device or read-only, its folder is
     *                     missing, not a folder, or read-only
     */
    public static void checkWritable(Path target) throws IOException {
        destination(target);
    }

    /**
     * Writes a file, replacing one that is there. A symbolic link stays, and the file it points to is replaced.
     *
     * @param target  as in {@link #checkWritable}
     * @param content called once; whatever it throws is thrown on, with the target untouched
     * @throws IOException with the path and the reason
     */
    public static void write(Path target, Content content) throws IOException {
        Path destination = destination(target);
        Path part = destination.resolveSibling("." + destination.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        try {
            writePart(part, content);
            Files.move(part, destination, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IOException(cannot(target, reason(e, part)), e);
        } finally {
            deleteQuietly(part);
        }
    }

    /** What went wrong with a file, without its path: that may be a part file, which the user has never heard of. */
    static String reason(IOException e, Path path) {
        if (!(e instanceof FileSystemException failure) || !path.toString().equals(failure.getFile())) {
            return e.getMessage();
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        return failure instanceof AccessDeniedException ? "access denied" : failure.getReason();
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The write has failed already, and its reason is the one to report.
        }
    }

    private static void writePart(Path part, Content content) throws IOException {
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16) {
                @Override
                public void close() throws IOException {
                    flush();
                }
            };
            content.writeTo(out);
            out.flush();
            file.force(true);
        }
    }

    /** The file that is really replaced, links resolved. */
    private static Path destination(Path target) throws IOException {
        if (target.getFileName() == null) {
            throw new IOException(cannot(target, "not the name of a file"));
        }
        Path absolute = target.toAbsolutePath();
        if (Files.exists(absolute)) {
            absolute = absolute.toRealPath();
            if (Files.isDirectory(absolute)) {
                throw new IOException(cannot(target, "it is a folder"));
            }
            if (!Files.isRegularFile(absolute)) {
                throw new IOException(cannot(target, "it is not a regular file"));
            }
            if (!Files.isWritable(absolute)) {
                throw new IOException(cannot(target, "it is read-only"));
            }
        }
        Path folder = absolute.getParent();
        if (!Files.exists(folder)) {
            throw new IOException(cannot(target, "its folder " + folder + " does not exist"));
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(cannot(target, folder + " is not a folder"));
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(cannot(target, "its folder " + folder + " is read-only"));
        }
        return absolute;
    }

    private static String cannot(Path target, String reason) {
        return "cannot write " + target + ": " + reason;
    }
}
