package dev.paraflux.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private AtomicFile() {}

    /**
     * Checks that a file could be written, so that a command can refuse before its work and not after it. The part file is
     * made, empty, and deleted again: what permissions say of a folder is not the whole truth.
     *
     * @param target a file that may exist or not, in a folder that exists
     * @throws IOException with the path and the reason: the target is a folder, a device or read-only, its folder is
     *                     missing, not a folder, or read-only, or takes no new file
     */
    public static void checkWritable(Path target) throws IOException {
        throughPart(target, (part, destination) -> writePart(part, out -> {}));
    }

    /**
     * Writes a file, replacing one that is there. A symbolic link stays, and the file that it points to is replaced,
     * or made.
     *
     * @param target  as in {@link #checkWritable}
     * @param content called once; whatever it throws is thrown on, with the target untouched
     * @throws IOException with the path and the reason
     */
    public static void write(Path target, Content content) throws IOException {
        throughPart(target, (part, destination) -> {
            writePart(part, content);
            Files.move(part, destination, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** What is done with a part file, of which nothing is left. */
    private interface PartWork {
        void on(Path part, Path destination) throws IOException;
    }

    private static void throughPart(Path target, PartWork work) throws IOException {
        Path destination = destination(target);
        Path part = destination.resolveSibling("." + destination.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        try {
            work.on(part, destination);
        } catch (IOException e) {
            throw new IOException(cannot(target, InputFile.reason(e, part)), e);
        } finally {
            deleteQuietly(part);
        }
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

    /**
     * Whether two paths lead to the same file: by links of either kind, by ./ and ../, or as they are. The files need not
     * exist.
     */
    public static boolean same(Path one, Path other) {
        try {
            if (Files.exists(one) && Files.exists(other)) {
                return Files.isSameFile(one, other);
            }
            return resolved(one).equals(resolved(other));
        } catch (IOException e) {
            // One of them cannot be used at all, and whoever uses it will say so.
            return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        }
    }

    /** The file that a path means, links resolved, also where they lead to a file that does not exist yet. */
    private static Path resolved(Path target) throws IOException {
        Path path = target.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            if (!Files.isSymbolicLink(path)) {
                Path folder = path.getParent();
                return folder != null && Files.isDirectory(folder) ? folder.toRealPath().resolve(path.getFileName())
                        : path;
            }
            path = path.resolveSibling(Files.readSymbolicLink(path));
        }
        throw new IOException(cannot(target, "it is a symbolic link that leads to itself"));
    }

    /** The file that is really replaced. */
    private static Path destination(Path target) throws IOException {
        if (target.getFileName() == null || target.toString().isEmpty()) {
            throw new IOException(cannot(target, "not the name of a file"));
        }
        Path absolute = resolved(target);
        if (Files.exists(absolute)) {
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
