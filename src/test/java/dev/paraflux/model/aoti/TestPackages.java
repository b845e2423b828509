package dev.paraflux.model.aoti;

import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TestArchives;
import dev.paraflux.model.torch.TestModules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The compiled packages of the tests, as files with their cards. */
final class TestPackages {
    /** x is [batch, 1, 8, 8]. */
    static final int DIM = 64;

    private static final String INPUTS = "[\"x\", \"t\", \"label\"]";
    private static final String LABELS = "\"labels\": 4, \"nullLabel\": 3,";

    private TestPackages() {}

    /** Two convolutions, 1 to 1024 rows, labels 0 to 3. */
    static Path tiny(Path folder) throws IOException {
        return copy(folder, "tiny");
    }

    /** In bfloat16, 2 to 15 rows; it changes x, and answers two tensors. */
    static Path odd(Path folder) throws IOException {
        return copy(folder, "odd");
    }

    private static Path copy(Path folder, String name) throws IOException {
        Path file = folder.resolve(name + ".pt2");
        if (Files.notExists(file)) {
            Files.copy(resource(name + ".pt2"), file);
        }
        return withCard(file);
    }

    /** A package that takes what these do, its card written beside it. */
    static Path withCard(Path file) throws IOException {
        Files.writeString(ModelCard.beside(file), card("[1, 8, 8]", INPUTS, LABELS));
        return file;
    }

    static InputStream resource(String name) {
        return TestPackages.class.getResourceAsStream(name);
    }

    static String card(String shape, String inputs, String more) {
        return TestModules.card(inputs, shape, "epsilon", more);
    }

    static ModelCard card(Path file) throws IOException {
        return ModelCard.read(ModelCard.beside(file));
    }

    static PretrainedDenoiser load(Path file) throws IOException {
        return ModelFile.load(file, card(file), LoadOptions.DEFAULT);
    }

    /** Tests that run compiled code need what it was compiled for. */
    static void assumeTheyRunHere() throws IOException {
        boolean linux = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        Assumptions.assumeTrue(linux && Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2 "),
                "the packages were compiled for Linux on x86-64 with AVX2");
    }

    /** The library of a package, with a text in it replaced by one of the same length, wherever it stands. */
    static Path withOther(Path file, Path to, String text, String other) throws IOException {
        return TestArchives.change(file, to, ".so", bytes -> {
            byte[] old = text.getBytes(StandardCharsets.ISO_8859_1);
            byte[] changed = bytes.clone();
            int found = 0;
            for (int i = 0; i + old.length <= bytes.length; i++) {
                if (Arrays.equals(bytes, i, i + old.length, old, 0, old.length)) {
                    System.arraycopy(other.getBytes(StandardCharsets.ISO_8859_1), 0, changed, i, old.length);
                    found++;
                }
            }
            if (found == 0 || other.length() != text.length()) {
                throw new AssertionError(text + " is there " + found + " times");
            }
            return changed;
        });
    }

    /** A package with another value of a key of the compiler's metadata. */
    static Path withMetadata(Path file, Path to, String json) throws IOException {
        return TestArchives.change(file, to, "_metadata.json", bytes -> json.getBytes(StandardCharsets.UTF_8));
    }

    static Map<String, byte[]> entries(Path file) throws IOException {
        return TestArchives.read(file);
    }
}
