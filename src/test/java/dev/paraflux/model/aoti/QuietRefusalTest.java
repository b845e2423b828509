package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuietRefusalTest {
    @TempDir
    Path folder;

    /** In a virtual machine of its own, whose error stream can be read. */
    static final class Load {
        private Load() {}

        public static void main(String[] files) throws IOException {
            try {
                ModelFile.load(Path.of(files[0])).close();
            } catch (IllegalValueException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** Compiled code prints each refusal, with a trace. */
    @Test
    void aCardThatAPackageDoesNotFitIsRefusedInOneLine() throws Exception {
        TestPackages.assumeTheyRunHere();
        Path file = TestPackages.tiny(folder);
        Files.writeString(ModelCard.beside(file),
                TestPackages.card("[1, 8, 8]", "[\"x\", \"t\", \"label\"]", "\"labels\": 9, \"nullLabel\": 8,"));
        List<String> lines = new JavaProcess().run(0, Load.class, file.toString());
        assertEquals(1, lines.size(), () -> String.join("\n", lines));
        assertTrue(lines.get(0).contains("labels 9: must be within what the model takes"), lines.get(0));
    }
}
