package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A picture of 3 x 2 squares of 16 pixels, each of its own grey, as each of the eight orientations shows it. */
class OrientationTest {
    private static final int SIDE = 16;

    @TempDir
    Path folder;

    /** As the table of Exif says where row 0 and column 0 are shown, worked out by hand. */
    @ParameterizedTest
    @CsvSource({"1, 3, 012345", "2, 3, 210543", "3, 3, 543210", "4, 3, 345012", "5, 2, 031425", "6, 2, 304152",
            "7, 2, 524130", "8, 2, 251403", "0, 3, 012345", "9, 3, 012345"})
    void picturesAreTurnedUpright(int number, int across, String shown) throws IOException {
        for (boolean bigEndian : new boolean[] {true, false}) {
            byte[] exif = exif(number, bigEndian);
            assertEquals(shown, shown(jpeg(exif), across), "JPEG " + bigEndian);
            assertEquals(shown, shown(png(exif), across), "PNG " + bigEndian);
        }
    }

    private String shown(byte[] file, int across) throws IOException {
        Path path = Files.write(folder.resolve("picture"), file);
        int down = 6 / across;
        float[] values = Picture.read(path).values("--image", 1, down * SIDE, across * SIDE);
        StringBuilder squares = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            int y = i / across * SIDE + SIDE / 2;
            squares.append(Math.round(values[y * across * SIDE + i % across * SIDE + SIDE / 2] * 5));
        }
        return squares.toString();
    }

    private static byte[] image(String format) throws IOException {
        BufferedImage image = new BufferedImage(3 * SIDE, 2 * SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 6 * SIDE * SIDE; i++) {
            int x = i % (3 * SIDE);
            int y = i / (3 * SIDE);
            image.getRaster().setSample(x, y, 0, 51 * (y / SIDE * 3 + x / SIDE));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private static byte[] exif(int number, boolean bigEndian) {
        ByteBuffer tiff = ByteBuffer.allocate(38).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        tiff.put((bigEndian ? "MM" : "II").getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) 2).putShort((short) 256).putShort((short) 4).putInt(1).putInt(48);
        tiff.putShort((short) 274).putShort((short) 3).putInt(1).putShort((short) number).putShort((short) 0);
        return tiff.array();
    }

    /** Behind the first segment, as cameras that write both have it. */
    private static byte[] jpeg(byte[] exif) throws IOException {
        byte[] plain = image("jpeg");
        int at = 4 + (plain[4] << 8 | plain[5] & 0xff);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, at);
        file.write(new byte[] {-1, (byte) 0xe1, 0, (byte) (exif.length + 8)});
        file.write("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        file.write(exif);
        file.write(plain, at, plain.length - at);
        return file.toByteArray();
    }

    private static byte[] png(byte[] exif) throws IOException {
        byte[] plain = image("png");
        ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length).putInt(exif.length)
                .put("eXIf".getBytes(StandardCharsets.US_ASCII)).put(exif);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, 4 + exif.length);
        chunk.putInt((int) checksum.getValue());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(plain, 0, 33);
        file.write(chunk.array());
        file.write(plain, 33, plain.length - 33);
        return file.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"1", "6"})
    void pixelsAreKept(int number) {
        float[] pixels = {0, 1, 2, 3, 4, 5};
        assertArrayEquals(number == 1 ? pixels : new float[] {3, 0, 4, 1, 5, 2},
                Orientation.of(number).upright(pixels, 3, 2));
    }
}
