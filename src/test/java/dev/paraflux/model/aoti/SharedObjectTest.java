package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiled library of a package, whole and damaged. {@code -Dparaflux.damaged=N} tries N copies. */
class SharedObjectTest {
    private static final int COPIES = Integer.getInteger("paraflux.damaged", 600);
    private static final long SEED = Long.getLong("paraflux.seed", 1);

    @TempDir
    Path folder;

    private byte[] good;

    @BeforeEach
    void read() throws IOException {
        good = TestPackages.entries(TestPackages.tiny(folder)).entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".so")).findFirst().orElseThrow().getValue();
    }

    private SharedObject open(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("library.so"), bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return SharedObject.open(channel);
        }
    }

    @Test
    void whatItNeedsIsTold() throws IOException {
        SharedObject object = open(good);
        assertTrue(object.needed().contains("libtorch_cpu.so"), object.needed()::toString);
        assertTrue(object.expected().contains("aoti_torch_cpu_convolution"), object.expected()::toString);
        assertFalse(object.expected().contains("AOTInductorModelContainerRun"), "it has that itself");
        assertFalse(object.expected().contains("__gmon_start__"), "it can do without that");
    }

    /** The copy differs in the bindings of symbols alone, and has nothing left to change. */
    @Test
    void itCanBeUnloaded() throws IOException {
        open(good);
        byte[] once = Files.readAllBytes(folder.resolve("library.so"));
        int changed = 0;
        for (int i = 0; i < good.length; i++) {
            if (good[i] != once[i]) {
                assertEquals(10, good[i] >> 4 & 0xf);
                assertEquals(2, once[i] >> 4 & 0xf);
                assertEquals(good[i] & 0xf, once[i] & 0xf);
                changed++;
            }
        }
        assertTrue(changed > 0);
        open(once);
        assertTrue(Arrays.equals(once, Files.readAllBytes(folder.resolve("library.so"))));
    }

    @Test
    void damagedOnesAreReadOrRefused() {
        int refused = 0;
        for (int copy = 0; copy < COPIES; copy++) {
            Random random = new Random(SEED * 1_000_003 + copy);
            byte[] bad = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int i = 0; i < 1 + random.nextInt(40) && bad.length > 0; i++) {
                // The header, the tables at the end, or anywhere.
                int at = switch (random.nextInt(3)) {
                    case 0 -> random.nextInt(Math.min(64, bad.length));
                    case 1 -> Math.max(0, bad.length - 1 - random.nextInt(2000));
                    default -> random.nextInt(bad.length);
                };
                bad[at] = random.nextBoolean() ? (byte) -1 : (byte) random.nextInt();
            }
            try {
                open(bad);
            } catch (IOException e) {
                assertTrue(e.getMessage() != null && e.getMessage().lines().count() == 1, e.toString());
                refused++;
            }
        }
        assertTrue(refused > COPIES / 3, refused + " of " + COPIES);
    }
}
