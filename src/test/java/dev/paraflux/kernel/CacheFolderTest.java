package dev.paraflux.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.device.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    @TempDir
    Path temporary;

    private Path cache;

    /** In a virtual machine of its own. */
    static final class Start {
        private Start() {}

        public static void main(String[] arguments) {
            try {
                System.out.println(Device.cpu());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @BeforeEach
    void aCacheOfThisUser() throws IOException {
        cache = Files.createDirectories(temporary.resolve(".javacpp-" + System.getProperty("user.name") + "/cache"));
        may(cache, "rwxr-xr-x");
        may(cache.getParent(), "rwxr-xr-x");
    }

    private static void may(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void oneThatOthersCanWriteIntoIsRefusedInTheTemporaryFolder() throws IOException {
        assertEquals("", CacheFolder.refusal(cache, temporary));
        may(cache.getParent(), "rwxrwxrwx");
        String why = ", and libraries are loaded from there";
        assertEquals("others than this user can write into " + cache.getParent() + why,
                CacheFolder.refusal(cache, temporary));
        may(cache.getParent(), "rwxr-xr-x");
        may(cache, "rwxrwxrwx");
        assertEquals("others than this user can write into " + cache + why, CacheFolder.refusal(cache, temporary));
    }

    @Test
    void oneThatWasChosenIsTaken() throws IOException {
        may(cache, "rwxrwxrwx");
        assertEquals("", CacheFolder.refusal(cache, cache));
        assertEquals("", CacheFolder.refusal(Path.of("/"), temporary));
    }

    @Test
    void nothingIsLoadedFromThere() throws Exception {
        may(cache, "rwxrwxrwx");
        List<String> said = new JavaProcess().with("-Duser.home=/proc/none").with("-Djava.io.tmpdir=" + temporary)
                .run(0, Start.class);
        assertTrue(said.get(0).contains("others than this user can write into " + cache.toRealPath()),
                () -> String.join("\n", said));
    }

    @Test
    void whereLibrariesAreUnpackedIsSaid() throws IOException {
        assertTrue(NativeLibrary.cure("for some reason").contains(" into " + Loader.getCacheDir() + ", "));
    }
}
