package dev.paraflux.demo;

import dev.paraflux.check.Reason;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.Sha256;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TorchBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * The model that comes with the command, to try things on: handwritten digits, 28 x 28 grey, labels 0 to 9, a UNet of
 * 1.1 million parameters trained on MNIST. Its licence and making are in {@code digits.md} beside it.
 */
public final class DemoModel {
    private DemoModel() {}

    /**
     * Loads the digits model.
     *
     * @throws UncheckedIOException if the temporary file that libtorch reads it from cannot be written
     */
    public static PretrainedDenoiser load() {
        return load(LoadOptions.DEFAULT);
    }

    /** Loads it with other threads, or another precision. */
    public static PretrainedDenoiser load(LoadOptions options) {
        try (InputStream weights = resource("digits.pt")) {
            Path file = Files.createTempFile("paraflux-digits", ".pt");
            try {
                Files.copy(weights, file, StandardCopyOption.REPLACE_EXISTING);
                // The file is gone when the digest is asked for; the resource stays.
                return PretrainedDenoiser.load(new TorchBackend(), file, ModelCard.of(card()), options,
                        () -> resource("digits.pt"));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the demo model cannot be loaded: " + Reason.of(e)
                    + ". It is unpacked into the folder that -Djava.io.tmpdir names, "
                    + System.getProperty("java.io.tmpdir") + ": it must be there, and writable", e);
        }
    }

    /**
     * The content of its card.
     *
     * @throws IOException if the resource cannot be read
     */
    public static JsonValue card() throws IOException {
        try (InputStream card = resource("digits.json")) {
            return JsonFile.read(card, "digits.json");
        }
    }

    /**
     * The digest of its weights, as the loaded model's identity tells it.
     *
     * @throws IOException if the resource cannot be read
     */
    public static String sha256() throws IOException {
        MessageDigest digest = Sha256.begin();
        try (InputStream weights = resource("digits.pt")) {
            weights.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        return Sha256.hex(digest);
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = DemoModel.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IOException("resource " + name + " is missing from the jar");
        }
        return stream;
    }
}
