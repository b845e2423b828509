package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libtorch reads and rewrites by recursion: long modules have room for it, and what has no end is refused before. */
class NestedModulesTest {
    private static final int FAR = 100_000;

    @TempDir
    Path folder;

    private Path good;

    @BeforeEach
    void write() throws IOException {
        good = TestModules.plain(folder);
    }

    private Path changed(String entryEnd, UnaryOperator<byte[]> change) throws IOException {
        Path file = TestArchives.change(good, folder.resolve("changed.pt"), entryEnd, change);
        Files.copy(ModelCard.beside(good), ModelCard.beside(file), StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    private Path coded(String body) throws IOException {
        return changed(".py", code -> (new String(code, StandardCharsets.UTF_8).replaceFirst("(?m)^    return .*\\z",
                "") + body).getBytes(StandardCharsets.UTF_8));
    }

    private void refused(Path file, String reason) {
        String message = assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(message.startsWith("model file " + file + " is damaged: ") && message.contains(reason), message);
    }

    /** A megabyte of stack, as Java's threads have, was full at about 1500. */
    @Test
    void manyOperatorsInARow() throws IOException {
        Path file = TestModules.write(folder, "row",
                "def forward(self, x, t):\n" + "    x = torch.add(x, 1.0)\n".repeat(4000) + "    return x",
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        try (PretrainedDenoiser model = ModelFile.load(file)) {
            model.prepare(4);
            assertEquals("test", model.card().name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"( @x@ )", "torch.neg( @x@ )", "- @x@", "not  @True@", "x + @x@", "x ** @x@", "@x@ .T",
            "@x@ [0]",
            "x if True else @x@", "[ @x@ ]", "@1@ < 1", "{1: @x@ }"})
    void codeWithoutEnd(String nested) throws IOException {
        String[] parts = nested.split("@", -1);
        refused(coded("    y = " + parts[0].repeat(FAR) + parts[1] + parts[2].repeat(FAR) + "\n    return x\n"),
                "its code has an expression of more than 10000 words in one another");
    }

    @Test
    void blocksWithoutEnd() throws IOException {
        StringBuilder blocks = new StringBuilder();
        for (int depth = 0; depth < 1001; depth++) {
            blocks.append(" ".repeat(4 + depth)).append("if True:\n");
        }
        refused(coded(blocks + " ".repeat(2000) + "pass\n    return x\n"), "more than 1000 blocks in one another");
        refused(coded("    if True:\n      pass\n" + "    elif True:\n      pass\n".repeat(1001) + "    return x\n"),
                "more than 1000 blocks in one another");
        refused(coded("    x = x\n".repeat(200_001)), "more than 200000 lines");
        refused(coded("    return x\n" + "class A(Module):\n  pass\n".repeat(20_001)), "more than 20000 classes");
    }

    /** Long is not deep: what is separated by commas, or stands in a text or a comment, does not add up. */
    @Test
    void longCode() throws IOException {
        Path file = coded(
                "    # " + "(".repeat(FAR) + "\n    a = [" + "1, ".repeat(FAR) + "2]\n    b = \"" + "(\\\"".repeat(FAR)
                        + "\"\n    c = '''\n" + "[".repeat(FAR) + "'''\n"
                        + "    if True:\n      pass\n    else:\n      pass\n".repeat(1500)
                        + "    return x\n");
        TorchArchive.check(file);
    }

    @Test
    void picklesWithoutEnd() throws IOException {
        String deep = "the pickle has more than 1000 values in one another";
        refused(pickled(")", "\u0085".repeat(FAR)), deep);
        refused(pickled("]".repeat(FAR), "a".repeat(FAR - 1)), deep);
        refused(pickled("}K\1".repeat(FAR), "}" + "s".repeat(FAR)), deep);
        refused(pickled("", "ca\nb\n)\u0081".repeat(FAR) + "N" + "b".repeat(FAR)), deep);
        refused(pickled("", "ca\nb\n".repeat(FAR) + ")" + "R\u0085".repeat(FAR)), deep);
        // Filled from the outside in.
        refused(pickled("]", "]q\1ah\1".repeat(FAR)), "the pickle goes on with what it has put elsewhere");
        refused(pickled("", "]q\1h\1a"), "the pickle goes on with what it has put elsewhere");
        refused(pickled("", "X" + number(5 * FAR) + "List[".repeat(FAR)), "more than 1000 brackets in one another");
    }

    /** A tuple of twice the one before, forty times: whoever writes it down never ends. */
    @Test
    void aSizeOfMoreThanTheWorld() throws IOException {
        String size = "K\1" + "q\1h\1\u0086".repeat(40);
        refused(pickled(
                "(ctorch._utils\n_rebuild_tensor_v2\n((X" + number(7) + "storagectorch\nFloatStorage\nX" + number(1)
                        + "0X" + number(3) + "cpuK\0tQK\0",
                size + "K\1\u0085" + "N)tR"), "has a size that is no number");
    }

    @Test
    void whatLibtorchFindsByAnyCase() throws IOException {
        Map<String, byte[]> entries = TestArchives.read(good);
        Map<String, byte[]> other = new LinkedHashMap<>();
        entries.forEach((name, bytes) -> other.put(name.replace("data.pkl", "DATA.pkl"),
                name.endsWith("data.pkl") ? "i".getBytes(StandardCharsets.UTF_8) : bytes));
        Path file = TestArchives.write(folder.resolve("case.pt"), other);
        assertTrue(assertThrows(IOException.class, () -> TorchArchive.check(file)).getMessage()
                .contains("the opcode 105"));
        entries.put(entries.keySet().iterator().next().replaceFirst("/.*", "/Model.json"),
                "{}".getBytes(StandardCharsets.UTF_8));
        Path old = TestArchives.write(folder.resolve("old.pt"), entries);
        assertTrue(assertThrows(IOException.class, () -> TorchArchive.check(old)).getMessage().contains("before 1.2"));
    }

    private static String number(int value) {
        return new String(new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)},
                StandardCharsets.ISO_8859_1);
    }

    /** One more value in front of those of the pickle. */
    private Path pickled(String begin, String end) throws IOException {
        return changed("data.pkl", pickle -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(Arrays.copyOf(pickle, 2));
            out.writeBytes((begin + end).getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(Arrays.copyOfRange(pickle, 2, pickle.length));
            return out.toByteArray();
        });
    }
}
