package dev.paraflux.model.pretrained;

import dev.paraflux.check.Reason;
import dev.paraflux.model.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;

/**
 * The SHA-256 of a model's weights. It is taken when it is first asked for: weights can be gigabytes, and most runs
 * never ask. By then the file may be another one than the model was loaded from, so that it has to look unchanged.
 * Thread-safe.
 */
final class WeightsDigest {
    private static final int CHUNK = 1 << 16;

    /** What changes when a file does, short of reading it. */
    record Look(long bytes, FileTime modified, Object key) {
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
    private final WeightsSource source;
    private String known;

    /**
     * Of what cannot change.
     *
     * @param name for messages
     */
    WeightsDigest(String name, WeightsSource source) {
        this.name = name;
        this.source = source;
    }

    /**
     * Of files that have been loaded.
     *
     * @param file   the model's own
     * @param loaded how it looked before it was
     * @param all    it, and what it refers to: the digest is of all their bytes, one file after the other
     */
    static WeightsDigest of(Path file, Look loaded, List<Path> all) throws IOException {
        List<WeightsSource> sources = new ArrayList<>();
        for (Path one : all) {
            Look look = one.equals(file) ? loaded : Look.at(one);
            sources.add(() -> unchanged(one, look));
        }
        return new WeightsDigest("model file " + file, () -> new SequenceInputStream(opened(sources)));
    }

    /** Streams that are opened one after the other. */
    private static Enumeration<InputStream> opened(List<WeightsSource> sources) {
        Iterator<WeightsSource> each = sources.iterator();
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return each.hasNext();
            }

            @Override
            public InputStream nextElement() {
                try {
                    return each.next().open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    static InputStream unchanged(Path file, Look loaded) throws IOException {
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
        } catch (UncheckedIOException e) {
            throw failed(e.getCause());
        } catch (IOException e) {
            throw failed(e);
        }
        return Sha256.hex(digest);
    }

    private IllegalStateException failed(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new IllegalStateException(name + " is gone since it was loaded, so that nothing tells what was"
                    + " loaded: keep it while its model is in use", e);
        }
        return new IllegalStateException(name + " was loaded, but cannot be read again: " + Reason.of(e), e);
    }
}
