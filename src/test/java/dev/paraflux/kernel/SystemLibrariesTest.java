package dev.paraflux.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SystemLibrariesTest {
    private static final List<String> NAMES = List.of("libc.so.6", "libnot-there.so.1", "libm.so.6");

    @Test
    void whatTheLoaderDoesNotFindIsNamed() {
        assertEquals(List.of("libnot-there.so.1"), SystemLibraries.missing(NAMES, List.of("/nowhere/", "")));
        assertEquals(NAMES, SystemLibraries.missing(NAMES, List.of("/nowhere/")));
    }

    @Test
    void aLoadedLibraryIsFoundByWhatItsNameBeginsWith() {
        Path file = SystemLibraries.loaded("libc.so.6").orElseThrow();
        assertTrue(Files.isRegularFile(file), file::toString);
        assertEquals(Optional.of(file), SystemLibraries.loaded("libc.so"));
        assertEquals(Optional.empty(), SystemLibraries.loaded("ibc.so"));
    }
}
