package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsDigestTest {
    @TempDir
    Path folder;

    @Test
    void severalFilesAreDigestedOneAfterTheOther() throws Exception {
        Path first = Files.write(folder.resolve("first"), new byte[] {1, 2});
        Path second = Files.write(folder.resolve("second"), new byte[] {3});
        assertEquals(sha256(1, 2), digest(first, List.of(first)).hex());
        assertEquals(sha256(1, 2, 3), digest(first, List.of(first, second)).hex());
        assertEquals(sha256(3, 1, 2), digest(second, List.of(second, first)).hex());
    }

    @Test
    void afterLoadingNoneMayChange() throws IOException {
        Path first = Files.write(folder.resolve("first"), new byte[] {1, 2});
        Path second = Files.write(folder.resolve("second"), new byte[] {3});
        WeightsDigest digest = digest(first, List.of(first, second));
        Files.write(second, new byte[] {3, 4});
        String message = assertThrows(IllegalStateException.class, digest::hex).getMessage();
        assertTrue(message.contains(second + " has changed"), message);
        Files.delete(second);
        message = assertThrows(IllegalStateException.class, digest::hex).getMessage();
        assertTrue(message.contains("is gone since it was loaded"), message);
    }

    @Test
    void aFileThatChangesWhileItIsReadIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("weights"), new byte[100]);
        WeightsDigest.Look look = WeightsDigest.Look.at(file);
        WeightsDigest changing = new WeightsDigest("weights",
                () -> new FilterInputStream(WeightsDigest.unchanged(file, look)) {
                    @Override
                    public void close() throws IOException {
                        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
                        super.close();
                    }
                });
        assertTrue(assertThrows(IllegalStateException.class, changing::hex).getMessage().contains("has changed"));
    }

    @Test
    void whatCannotBeReadIsSaid() {
        WeightsDigest digest = new WeightsDigest("weights", () -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("no disk");
            }
        });
        assertTrue(assertThrows(IllegalStateException.class, digest::hex).getMessage().contains("no disk"));
        assertEquals(64, new WeightsDigest("none", () -> new ByteArrayInputStream(new byte[0])).hex().length());
    }

    private static WeightsDigest digest(Path file, List<Path> all) throws IOException {
        return WeightsDigest.of(file, WeightsDigest.Look.at(file), all);
    }

    private static String sha256(int... values) throws Exception {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
