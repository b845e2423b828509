package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.check.IllegalValueException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
    @TempDir
    Path folder;

    private Path file(BufferedImage image) throws IOException {
        Path file = folder.resolve("picture.png");
        assertTrue(ImageIO.write(image, "png", file.toFile()));
        return file;
    }

    /** Every one of the 256 greys: Java's own getRGB would bend those of a grey picture. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatImageGridWritesIsReadBack(int channels) throws IOException {
        float[] values = new float[channels * 256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7 & 255) / 127.5f - 1;
        }
        Path file = folder.resolve("picture.png");
        new ImageGrid(channels, 16, 16, 1, 1).write(file, values);
        float[] read = Picture.read(file).values("--image", channels, 16, 16);
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], 2 * read[i] - 1, 1e-6, "value " + i);
        }
    }

    /** One bit, a palette, opaque alpha, sixteen bits: what paint programs make of black and white. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_USHORT_GRAY,
            BufferedImage.TYPE_BYTE_GRAY})
    void blackAndWhiteIsThatInEveryKindOfPicture(int type) throws IOException {
        BufferedImage image = new BufferedImage(3, 2, type);
        for (int i = 0; i < 6; i++) {
            image.setRGB(i % 3, i / 3, i % 2 == 0 ? 0xFFFFFFFF : 0xFF000000);
        }
        Picture picture = Picture.read(file(image));
        float[] one = {1, 0, 1, 0, 1, 0};
        assertArrayEquals(one, picture.values("--mask", 1, 2, 3));
        float[] three = picture.values("--mask", 3, 2, 3);
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(one, Arrays.copyOfRange(three, 6 * c, 6 * c + 6));
        }
    }

    @Test
    void coloursAreChannelsAndNoGrey() throws IOException {
        BufferedImage image = new BufferedImage(1, 2, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 1, 0xFF3366);
        Picture picture = Picture.read(file(image));
        assertArrayEquals(new float[] {0, 1, 0, 0.2f, 0, 0.4f}, picture.values("--image", 3, 2, 1), 1e-6f);
        String message = assertThrows(IllegalArgumentException.class, () -> picture.values("--image", 1, 2, 1))
                .getMessage();
        assertEquals("--image " + folder.resolve("picture.png") + ": pixel at 0, 1 coloured: must be grey", message);
    }

    @Test
    void anotherSizeIsRefused() throws IOException {
        Picture picture = Picture.read(file(new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY)));
        String message = assertThrows(IllegalArgumentException.class, () -> picture.values("--mask", 1, 3, 2))
                .getMessage();
        assertEquals("--mask " + folder.resolve("picture.png")
                + ": size 3 x 2: must be 2 x 3 pixels, as pictures are not rescaled here", message);
    }

    @Test
    void transparencyIsRefused() throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_4BYTE_ABGR);
        image.setRGB(0, 0, 0xFFFFFFFF);
        refused("the pixel at 1, 0 is transparent: make it opaque", file(image));
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        refused("no such file", folder.resolve("no.png"));
        refused("it is a folder", folder);
        refused("format unknown: must be PNG, JPEG, GIF or BMP", Files.writeString(folder.resolve("a.png"), "text"));
        refused("format of an empty file: must be PNG, JPEG, GIF or BMP", Files.createFile(folder.resolve("e.png")));
    }

    @Test
    void damagedPicturesAreRefusedByName() throws IOException {
        BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            image.setRGB(i % 20, i / 20, random.nextInt(1 << 24));
        }
        Path file = file(image);
        byte[] bytes = Files.readAllBytes(file);
        // The last bytes are checksums and an end mark: without them all pixels are there.
        for (int length = 8; length < bytes.length - 24; length += 3) {
            Files.write(file, Arrays.copyOf(bytes, length));
            String message = assertThrows(IOException.class, () -> Picture.read(file)).getMessage();
            assertTrue(message.startsWith(file + ": ") && !message.endsWith("null"), message);
        }
    }

    /** The header alone says so: nothing is allocated. */
    @ParameterizedTest
    @CsvSource({"0x7f, number of pixels 45",
            "0x00, number of pixels 16777216: must be less in a file of"})
    void hugePicturesAreRefused(String highByte, String message) throws IOException {
        Path file = file(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY));
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int side = Integer.decode(highByte) == 0 ? 4096 : Integer.decode(highByte) << 24;
        header.putInt(16, side).putInt(20, side);
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 12, 17);
        header.putInt(29, (int) checksum.getValue());
        Files.write(file, bytes);
        String refusal = assertThrows(IllegalValueException.class, () -> Picture.read(file)).getMessage();
        assertTrue(refusal.startsWith(file + ": " + message), refusal);
    }

    /** Floating-point pixels would be read as numbers of bits. */
    @Test
    void tiffIsRefusedByName() throws IOException {
        Path file = folder.resolve("a.tiff");
        assertTrue(ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY), "tiff", file.toFile()));
        refused("format TIFF: must be PNG, JPEG, GIF or BMP", file);
    }

    @Test
    void aPipeIsRead() throws Exception {
        Path png = file(new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY));
        Path pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
        byte[] bytes = Files.readAllBytes(png);
        Thread writer = new Thread(() -> assertDoesNotThrow(() -> Files.write(pipe, bytes)));
        writer.start();
        assertEquals(6, Picture.read(pipe).values("--image", 1, 2, 3).length);
        writer.join();
    }

    private static void refused(String reason, Path file) {
        Exception refusal = assertThrows(Exception.class, () -> Picture.read(file));
        assertTrue(refusal instanceof IOException || refusal instanceof IllegalValueException, refusal.toString());
        assertEquals(file + ": " + reason, refusal.getMessage());
    }
}
