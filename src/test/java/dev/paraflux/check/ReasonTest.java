package dev.paraflux.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void tellsTheChainOfCausesEachThingOnce() {
        Throwable chain = new IllegalStateException("the model cannot be loaded",
                new UncheckedIOException(new IOException("disk full", new IOException("disk full"))));
        assertEquals("the model cannot be loaded: disk full", Reason.of(chain));
    }

    @Test
    void neverSaysNull() {
        assertEquals("it ends too early", Reason.of(new EOFException()));
        assertEquals("IllegalStateException", Reason.of(new IllegalStateException()));
        assertEquals("deep", Reason.of(new RuntimeException(null, new IOException("deep"))));
    }

    @Test
    void saysWhatHappenedToAFile() {
        assertEquals("a.pt: no such file", Reason.of(new NoSuchFileException("a.pt")));
        assertEquals("a.pt: permission denied", Reason.of(new AccessDeniedException("a.pt")));
        assertEquals("a.pt: No space left on device",
                Reason.of(new FileSystemException("a.pt", null, "No space left on device")));
    }

    @Test
    void aChainThatGoesRoundEnds() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);
        assertEquals("a: b", Reason.of(a));
    }
}
