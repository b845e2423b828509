package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.json.Description;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.file.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tells a module from others. */
class TorchIdentityTest {
    @TempDir
    Path folder;

    @Test
    void aModuleIsItsNameAndTheDigestOfItsFile() throws Exception {
        Path file = TestModules.plain(folder);
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        try (Denoiser denoiser = ModelFile.load(file)) {
            assertEquals(module("test", digest), denoiser.identity());
        }
    }

    @Test
    void theDigestIsTakenOnce() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = ModelFile.load(file)) {
            ModelIdentity identity = denoiser.identity();
            Files.delete(file);
            assertEquals(identity, denoiser.identity());
        }
    }

    @Test
    void aFileThatIsGoneIsRefused() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = ModelFile.load(file)) {
            Files.delete(file);
            refused("model file " + file + " is gone since it was loaded, so that nothing tells what was loaded:"
                    + " keep it while its model is in use", denoiser);
        }
    }

    @Test
    void aFileThatGrewIsRefused() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = ModelFile.load(file)) {
            FileTime modified = Files.getLastModifiedTime(file);
            Files.write(file, new byte[Math.toIntExact(Files.size(file)) + 1]);
            Files.setLastModifiedTime(file, modified);
            refused("model file " + file + " has changed since it was loaded", denoiser);
        }
    }

    @Test
    void aFileThatWasWrittenAgainIsRefused() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = ModelFile.load(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            refused("model file " + file + " has changed since it was loaded", denoiser);
        }
    }

    @Test
    void theDemoModelIsTheResource() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(DemoModel.class.getResourceAsStream("digits.pt"), digest);
                Denoiser digits = DemoModel.load()) {
            in.readAllBytes();
            assertEquals(module("digits", HexFormat.of().formatHex(digest.digest())), digits.identity());
        }
    }

    private static ModelIdentity module(String name, String digest) {
        return ModelIdentity.of(Description.of("torchscript").with("name", name).with("sha256", digest));
    }

    private static void refused(String message, Denoiser denoiser) {
        String found = assertThrows(IllegalStateException.class, denoiser::identity).getMessage();
        assertTrue(found.startsWith(message), found);
    }
}
