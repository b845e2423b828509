package dev.paraflux.model.remote;

import dev.paraflux.check.Reason;
import dev.paraflux.io.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A token in a file, as platforms hand them out: read again every few seconds, since it can change. */
public final class TokenFile implements Supplier<String> {
    private static final long FRESH_NANOS = 5_000_000_000L;

    private final Path file;
    private String token;
    private long read;

    private TokenFile(Path file) throws IOException {
        this.file = file;
        token = token();
        read = System.nanoTime();
    }

    /**
     * The token in a file.
     *
     * @throws IOException if the file cannot be read, or has not one line with a token of printable ASCII
     */
    public static TokenFile read(Path file) throws IOException {
        return new TokenFile(file);
    }

    private String token() throws IOException {
        List<String> lines = TextFile.lines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.size() != 1 || !lines.get(0).matches("[!-~]+")) {
            throw new IOException(file + " has no token: it must be one line of printable ASCII without spaces");
        }
        return lines.get(0);
    }

    /** @throws IllegalStateException if it cannot be read any more */
    @Override
    public synchronized String get() {
        if (System.nanoTime() - read > FRESH_NANOS) {
            try {
                token = token();
                read = System.nanoTime();
            } catch (IOException e) {
                throw new IllegalStateException(Reason.of(e), e);
            }
        }
        return token;
    }
}
