package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TorchCudaNeedsTest {
    private static final LinkageError FAILURE = new UnsatisfiedLinkError("no jnicusolver in java.library.path");

    @Test
    void jarsAreNamedWhereTheyAreMissing() {
        String words = TorchCudaNeeds.ofClasses(false, List.of(), FAILURE);
        assertTrue(words.startsWith("org.bytedeco:cuda, of the version that goes with org.bytedeco:pytorch:"), words);
        assertEquals(words, TorchCudaNeeds.ofClasses(FAILURE), "they are not here");
    }

    @Test
    void librariesAreNamedWhereTheJarsAreThere() {
        assertEquals(
                "libraries that the system's loader does not find: libcusolver.so.12, libcusolverMg.so.12: put their"
                        + " folders into LD_LIBRARY_PATH",
                TorchCudaNeeds.ofClasses(true, List.of("libcusolver.so.12", "libcusolverMg.so.12"), FAILURE));
    }

    @Test
    void whatElseItMayBeIsTold() {
        assertEquals("org.bytedeco:cuda, which cannot be loaded: no jnicusolver in java.library.path",
                TorchCudaNeeds.ofClasses(true, List.of(), FAILURE));
    }
}
