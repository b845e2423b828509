package dev.paraflux.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Locale;

/** What a command prints its results to. Java's print streams swallow failures; here the first one is kept. */
final class StandardOutput extends FilterWriter {
    private IOException failure;

    StandardOutput(Writer out) {
        super(out);
    }

    /** That of this process. */
    static Writer ofProcess() {
        String charset = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "UTF-8"));
        return new OutputStreamWriter(new FileOutputStream(FileDescriptor.out),
                Charset.isSupported(charset) ? Charset.forName(charset) : Charset.defaultCharset());
    }

    /** To print with. */
    PrintWriter printer() {
        return new PrintWriter(this);
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void keep(Writing writing) throws IOException {
        try {
            writing.run();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    @Override
    public void write(int character) throws IOException {
        keep(() -> super.write(character));
    }

    @Override
    public void write(char[] characters, int from, int length) throws IOException {
        keep(() -> super.write(characters, from, length));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        keep(() -> super.write(text, from, length));
    }

    @Override
    public void flush() throws IOException {
        keep(super::flush);
    }

    /** Why something could not be written; null if everything was. */
    String failure() {
        return failure == null ? null : String.valueOf(failure.getMessage());
    }

    /** Whether the reader of a pipe has gone, which ends a command quietly. */
    boolean closed() {
        return failure != null && failure().toLowerCase(Locale.ROOT).contains("broken pipe");
    }
}
