package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.io.ZipEntries;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo model, damaged. None of these files may reach libtorch: some would end the virtual machine. */
class TorchArchiveTest {
    @TempDir
    Path folder;

    private Path good;

    @BeforeEach
    void copy() throws IOException {
        good = demoModel(folder.resolve("good.pt"));
    }

    static Path demoModel(Path file) throws IOException {
        Files.copy(DemoModel.class.getResourceAsStream("digits.pt"), file);
        Files.copy(DemoModel.class.getResourceAsStream("digits.json"), ModelCard.beside(file));
        return file;
    }

    @Test
    void theDemoModelPassesAsItIsAndPutTogetherAgain() throws IOException {
        assertDoesNotThrow(() -> TorchArchive.check(good));
        Path again = TestArchives.change(good, folder.resolve("again.pt"), "/data/0", bytes -> bytes);
        Files.copy(ModelCard.beside(good), ModelCard.beside(again));
        ModelFile.load(again).close();
    }

    /** A traced module keeps what it was traced with, without its values. */
    @Test
    void picklesThatLibtorchDoesNotReadAreNotChecked() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(TestArchives.read(good));
        String folderInside = entries.keySet().iterator().next().split("/")[0];
        entries.put(folderInside + "/traced_inputs.pkl", new byte[] {'i'});
        Path file = TestArchives.write(folder.resolve("traced.pt"), entries);
        assertDoesNotThrow(() -> TorchArchive.check(file));
    }

    /** libtorch would read past the end of these bytes. */
    @Test
    void weightsShorterThanTheirTensorAreRefused() throws IOException {
        for (int length : new int[] {0, 1, 4, 65532}) {
            refused("weights 0 have " + length + " bytes and should have 16384 values of 4", "/data/0",
                    bytes -> Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void weightsThatAreMissingAreRefused() throws IOException {
        Map<String, byte[]> entries = TestArchives.read(good);
        entries.keySet().removeIf(name -> name.endsWith("/data/7"));
        refused("weights 7 are missing", TestArchives.write(folder.resolve("missing.pt"), entries));
    }

    /** In the pickle of the tensors, 'K' is a number of a byte and 'M' one of two: 65536 bytes are 16384 floats. */
    @Test
    void tensorsThatLieOutsideTheirWeightsAreRefused() throws IOException {
        refused("lies outside weights", "data.pkl", bytes -> {
            // The storage of entry 1 has 128 floats, and its only tensor as many.
            int at = indexOf(bytes, new byte[] {'K', (byte) 128, 't', 'Q'});
            int size = at + indexOf(Arrays.copyOfRange(bytes, at + 2, bytes.length), new byte[] {'K', (byte) 128}) + 2;
            byte[] changed = bytes.clone();
            changed[size + 1] = (byte) 129;
            return changed;
        });
        refused("should have", "data.pkl", bytes -> {
            byte[] changed = bytes.clone();
            changed[indexOf(bytes, new byte[] {'K', (byte) 128, 't', 'Q'}) + 1] = (byte) 129;
            return changed;
        });
    }

    @Test
    void picklesThatAreBrokenAreRefused() throws IOException {
        refused("the pickle ends too early", "data.pkl", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        refused("the pickle ends too early", "data.pkl", bytes -> new byte[0]);
        refused("the pickle has the opcode 105 at byte 0", "data.pkl", bytes -> "i".getBytes(StandardCharsets.UTF_8));
        refused("the pickle uses what it does not have", "data.pkl", bytes -> "R.".getBytes(StandardCharsets.UTF_8));
        refused("the pickle has no end", "data.pkl", bytes -> ".".getBytes(StandardCharsets.UTF_8));
        refused("recalls what it has not remembered", "data.pkl", bytes -> new byte[] {'h', 5, '.'});
        refused("the pickle remembers more than it has", "data.pkl",
                bytes -> new byte[] {'N', 'r', -1, -1, -1, -1, '.'});
    }

    @Test
    void aChangedByteOfAnyEntryIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(good);
        List<ZipEntries.Entry> entries;
        try (FileChannel channel = FileChannel.open(good)) {
            entries = ZipEntries.of(channel);
        }
        for (int i = 0; i < entries.size(); i += 9) {
            String name = entries.get(i).name();
            byte[] changed = bytes.clone();
            changed[(int) (entries.get(i).at() + entries.get(i).packed() / 2)] ^= 4;
            Path file = Files.write(folder.resolve("changed.pt"), changed);
            String message = assertThrows(IOException.class, () -> TorchArchive.check(file)).getMessage();
            assertTrue(message.contains("entry " + name), message);
        }
    }

    @Test
    void aFileThatIsCutOffSaysSo() throws IOException {
        byte[] bytes = Files.readAllBytes(good);
        for (int length : new int[] {4, 22, 1000, bytes.length - 1}) {
            Path file = folder.resolve("cut.pt");
            Files.write(file, Arrays.copyOf(bytes, length));
            String message = assertThrows(IOException.class, () -> TorchArchive.check(file)).getMessage();
            assertTrue(message.startsWith("model file " + file + " is damaged: it") && message.endsWith("again"),
                    message);
        }
    }

    /** libtorch does not tell upper from lower case, so that it may read another entry than the one that was checked. */
    @Test
    void entriesOfOneNameAreRefused() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(TestArchives.read(good));
        String first = entries.keySet().iterator().next();
        entries.put(first.replace("/data/", "/DATA/"), new byte[1]);
        refused("stands there twice", TestArchives.write(folder.resolve("twice.pt"), entries));
    }

    private void refused(String why, String entry, UnaryOperator<byte[]> change) throws IOException {
        refused(why, TestArchives.change(good, folder.resolve("bad.pt"), entry, change));
    }

    private void refused(String why, Path file) throws IOException {
        String message = assertThrows(IOException.class, () -> ModelFile.load(file,
                ModelCard.read(ModelCard.beside(good)), LoadOptions.DEFAULT)).getMessage();
        assertTrue(message.contains(why), message);
        assertEquals(1, message.lines().count());
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }
}
