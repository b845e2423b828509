package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What has no end is told by its begin, and not read as far as memory goes. */
@EnabledOnOs(OS.LINUX)
class EndlessFilesTest {
    private static final Path ZEROS = Path.of("/dev/zero");

    @TempDir
    Path folder;

    @Test
    void noPicture() {
        assertEquals("/dev/zero: format unknown: must be PNG, JPEG, GIF or BMP",
                assertThrows(IllegalValueException.class, () -> Picture.read(ZEROS)).getMessage());
    }

    @Test
    void noTextInIt() throws IOException {
        assertEquals(Optional.empty(), PictureText.read(ZEROS, "paraflux"));
    }

    @Test
    void noArray() {
        assertEquals("/dev/zero: not a .npy file: it does not begin with \\x93NUMPY and a version",
                assertThrows(IOException.class, () -> Npy.read(ZEROS)).getMessage());
    }

    @Test
    void tooLongAText() {
        assertEquals("/dev/zero: size more than 67108864: must be at most 67108864 bytes",
                assertThrows(IllegalValueException.class, () -> TextFile.lines(ZEROS)).getMessage().replace("\"", ""));
    }

    /** What a picture begins with is read twice, from a pipe too. */
    @Test
    void aPictureFromAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path picture = folder.resolve("picture.png");
        new ImageGrid(1, 2, 2, 1, 1).write(picture, new float[] {-1, 1, 1, -1});
        Process writer = new ProcessBuilder("cp", picture.toString(), pipe.toString()).start();
        assertEquals(4, Picture.read(pipe).values("--image", 1, 2, 2).length);
        assertEquals(0, writer.waitFor());
    }
}
