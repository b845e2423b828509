package dev.paraflux.model.torch;

import dev.paraflux.check.Reason;
import dev.paraflux.model.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;

/**
 * The SHA-256 of a model's weights. It is taken when it is first asked for: weights can be gigabytes, and most runs
 * never ask. By then the file may be another one than the model was loaded from, so that it has to look unchanged.
 * Thread-safe.
 */
final class WeightsDigest {
    private static final int CHUNK = 1 << 16;

    /** Opens the weights, from their first byte. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /** What changes when a file does, short of reading it. */
    private record Look(long bytes, FileTime modified, Object key) {
        static Look at(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Look(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        }

        @Override
        public String toString() {
            return bytes + " bytes of " + modified;
        }
    }

    private final String name;
    private final Source source;
    private String known;

    /**
     * Of what cannot change.
     *
     * @param name for messages
     */
    WeightsDigest(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    /** Of a file that is about to be loaded. */
    static WeightsDigest of(Path file) throws IOException {
        return new WeightsDigest("model file " + file, unchanged(file));
    }

    /** Opens a file that stays as it is now. */
    static Source unchanged(Path file) throws IOException {
        Look loaded = Look.at(file);
        return () -> unchanged(file, loaded);
    }

    private static InputStream unchanged(Path file, Look loaded) throws IOException {
        requireUnchanged(file, loaded);
        return new FilterInputStream(Files.newInputStream(file)) {
            /** Once more after the last byte, since someone may write while we read. */
            @Override
            public void close() throws IOException {
                super.close();
                requireUnchanged(file, loaded);
            }
        };
    }

    private static void requireUnchanged(Path file, Look loaded) throws IOException {
        Look now = Look.at(file);
        if (!now.equals(loaded)) {
            throw new IllegalStateException("model file " + file + " has changed since it was loaded (it had " + loaded
                    + ", and has " + now + "), so that nothing tells what was loaded: load it again");
        }
    }

    /**
     * The digest, 64 hexadecimal digits, as {@code sha256sum} writes it.
     *
     * @throws IllegalStateException if the file has changed since it was loaded, is gone, or cannot be read
     */
    synchronized String hex() {
        if (known == null) {
            known = take();
        }
        return known;
    }

    private String take() {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = source.open()) {
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(name + " is gone since it was loaded, so that nothing tells what was"
                    + " loaded: keep it while its model is in use", e);
        } catch (IOException e) {
            throw new IllegalStateException(name + " was loaded, but cannot be read again: " + Reason.of(e), e);
        }
        return Sha256.hex(digest);
    }
}
