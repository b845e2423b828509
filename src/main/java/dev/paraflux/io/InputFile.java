package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that a user named, open for reading from its begin to its end. It may be a pipe, whose length nobody knows before
 * its end.
 */
final class InputFile implements Closeable {
    /** In place of a length that is not known. */
    static final long UNKNOWN = -1;

    private final Path path;
    private final InputStream in;
    private final long length;

    private InputFile(Path path, InputStream in, long length) {
        this.path = path;
        this.in = in;
        this.length = length;
    }

    /** What reads an open file, in {@link #read}. */
    interface Reader<T> {
        T read(InputFile file) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @throws IOException           with the path and the reason; of what the reader throws, too
     * @throws IllegalValueException of the reader, with the path before it
     */
    static <T> T read(Path path, Reader<T> reader) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": it is a folder");
        }
        long length = Files.isRegularFile(path) ? Files.size(path) : UNKNOWN;
        try (InputFile file = new InputFile(path, open(path), length)) {
            return reader.read(file);
        } catch (IllegalValueException e) {
            throw e.in(path.toString());
        } catch (IOException e) {
            throw new IOException(path + ": " + reason(e, path), e);
        }
    }

    /** Java's channels ask where they are in a file, which a pipe does not know. */
    private static InputStream open(Path path) throws IOException {
        boolean pipe = Files.exists(path) && !Files.isRegularFile(path);
        return new BufferedInputStream(pipe ? new FileInputStream(path.toFile()) : Files.newInputStream(path));
    }

    /** What went wrong with a file, without its path: that may be a part file, which the user has never heard of. */
    static String reason(IOException e, Path path) {
        if (!(e instanceof FileSystemException failure)) {
            // What its causes say is in it already, or for programmers.
            return e.getMessage() == null ? Reason.of(e) : e.getMessage();
        }
        if (!path.toString().equals(failure.getFile())) {
            return Reason.of(failure);
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        return failure.getReason() == null ? "it cannot be used" : failure.getReason();
    }

    /** In bytes, or {@link #UNKNOWN}. */
    long length() {
        return length;
    }

    /** The first bytes, so many or those that are there, before anything has been read. They are read once more later. */
    byte[] head(int bytes) throws IOException {
        in.mark(bytes);
        byte[] head = in.readNBytes(bytes);
        in.reset();
        return head;
    }

    /** So many bytes, or those that are left if they are fewer. Memory is taken as they come. */
    byte[] next(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    /** Whether all has been read. */
    boolean ended() throws IOException {
        return in.read() < 0;
    }

    /** All of it, for a reader that wants no more than so many bytes. */
    byte[] all(int most) throws IOException {
        if (length > most) {
            throw new IllegalValueException("size", length, "at most " + most + " bytes");
        }
        byte[] bytes = in.readNBytes(most);
        if (!ended()) {
            throw new IllegalValueException("size", "more than " + most, "at most " + most + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
