package dev.paraflux.io;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of damaged files of each format, more by {@code -Dparaflux.fuzz=N}: each is read, or ends in one of two kinds
 * of exception whose message names the file and is fit for a user.
 */
class DamagedFilesTest {
    private static final int TRIALS = Integer.getInteger("paraflux.fuzz", 1000);

    @TempDir
    Path folder;

    private static byte[] good(String format) throws IOException {
        if (format.equals("npy")) {
            return DamagedFilesTest.class.getResourceAsStream("float32_fortran_2x3x4.npy").readAllBytes();
        }
        BufferedImage image = new BufferedImage(20, 20, format.equals("gif") || format.equals("palette")
                ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            image.setRGB(i % 20, i / 20, 0xff000000 | random.nextInt(1 << 24));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format.equals("palette") ? "png" : format, bytes), format);
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "palette", "jpeg", "gif", "bmp", "npy"})
    void noDamageDoesWorseThanARefusalThatNamesTheFile(String format) throws IOException {
        byte[] good = good(format);
        Path file = folder.resolve("damaged." + format);
        int refused = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            Files.write(file, damaged(good, new Random(trial), format));
            String message = refusal(file, format.equals("npy"), trial);
            if (message != null) {
                refused++;
                assertTrue(message.startsWith(file + ": "), () -> message);
                assertFalse(message.matches("(?s).*(\\bnull\\b|Exception|Error\\b|java\\.|\\n).*"),
                        format + " " + trial + ": " + message);
            }
        }
        assertTrue(refused > TRIALS / 20, "only " + refused + " were refused");
    }

    /** Null, if the file was read. */
    private static String refusal(Path file, boolean array, int trial) {
        try {
            if (array) {
                Npy.read(file);
            } else {
                Picture.read(file);
            }
            return null;
        } catch (IOException | IllegalValueException e) {
            return e.getMessage();
        } catch (RuntimeException | Error e) {
            throw new AssertionError(file + ", trial " + trial, e);
        }
    }

    /** Some bytes changed, mostly near the begin; a length made huge; the end cut off; bytes left out or doubled. */
    private static byte[] damaged(byte[] good, Random random, String format) {
        byte[] bytes = good.clone();
        int reach = random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length;
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(reach);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) -1);
                case 2 -> ByteBuffer.wrap(bytes).putInt(Math.min(at, bytes.length - 4), 0x7fffffff);
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        if (random.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        if (format.equals("png") || format.equals("palette")) {
            repairChecksums(bytes);
        }
        return bytes;
    }

    /** Otherwise most damage to a PNG would end at the first checksum, and never reach what reads the chunk. */
    private static void repairChecksums(byte[] png) {
        ByteBuffer file = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            int length = file.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                return;
            }
            CRC32 checksum = new CRC32();
            checksum.update(png, at + 4, length + 4);
            file.putInt(at + 8 + length, (int) checksum.getValue());
            at += length + 12;
        }
    }
}
