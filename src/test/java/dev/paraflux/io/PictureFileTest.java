package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"a.png, PNG, 0", "a.PNG, PNG, 0", "a.jpg, JPEG, 0.03", "a.b.JPEG, JPEG, 0.03"})
    void theFormatIsThatOfTheEnding(String name, String format, float error) throws IOException {
        float[] values = new float[3 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 64 - 1;
        }
        Path file = folder.resolve(name);
        new ImageGrid(3, 8, 8, 1, 4).write(file, values);
        assertEquals(format, PictureFormat.of(Files.readAllBytes(file)).name());
        float[] read = Picture.read(file).values("picture", 3, 32, 32);
        for (int i = 0; i < read.length; i++) {
            assertEquals((values[i / 1024 * 64] + 1) / 2, read[i], error + 0.003f, "value " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.gif", "a.npy", "-", "png", ".png/a"})
    void anotherEndingIsRefused(String name) {
        Path file = folder.resolve(name);
        IllegalValueException refusal = assertThrows(IllegalValueException.class,
                () -> new ImageGrid(1, 1, 1, 1, 1).write(file, new float[1]));
        assertEquals("the name of a file that ends in .png, .jpg or .jpeg", refusal.legal());
    }

    /** ImageIO says no more than that there was an error. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void whyItCannotBeWrittenIsSaid(String format) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        assertEquals("No space left on device", assertThrows(IOException.class,
                () -> PictureFile.write(format, full, image, Map.of())).getMessage());
    }

    @Test
    void aJpegIsNotWiderThanItsFormatAllows() {
        Path file = folder.resolve("a.jpg");
        assertEquals("width of a JPEG 70000: must be 1 to 65500", assertThrows(IllegalValueException.class,
                () -> new ImageGrid(1, 1, 70_000, 1, 1).write(file, new float[70_000])).getMessage());
        assertEquals(false, Files.exists(file));
    }
}
