package dev.paraflux.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.torch.TestArchives;
import dev.paraflux.model.torch.TestModules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that is no model is refused by what it is, with what to do. */
class ModelFileKindTest {
    @TempDir
    Path folder;

    static Stream<Arguments> archives() {
        return Stream.of(archive("weights without a program", "state/data.pkl", "state/data/0", "state/version"),
                archive("a program of torch.export", "m/archive_format", "m/models/model.json", "m/data/weights/w"),
                archive("a program of torch.export", "serialized_exported_program.json"),
                archive("an .npz of arrays", "a.npy", "b.npy"),
                archive("a zip archive, but not one of TorchScript", "x"));
    }

    private static Arguments archive(String kind, String... entries) {
        return Arguments.of(kind, entries);
    }

    @ParameterizedTest
    @MethodSource("archives")
    void archivesAreTold(String kind, String[] names) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : names) {
            entries.put(name, new byte[8]);
        }
        refused(kind, TestArchives.write(folder.resolve("model.pt"), entries));
    }

    @Test
    void compiledPackagesAreTold() throws IOException {
        Path file = TestArchives.write(folder.resolve("model.pt"), Map.of("m/data/aotinductor/model/c.wrapper.so",
                new byte[8]));
        assertEquals(ModelFileKind.AOTINDUCTOR, ModelFileKind.of(file));
    }

    static Stream<Arguments> files() {
        return Stream.of(Arguments.of("empty", new byte[0]),
                Arguments.of("a Python pickle", new byte[] {(byte) 0x80, 2, '}', '.'}),
                Arguments.of("a safetensors file", safetensors("a")),
                Arguments.of("a LoRA, which changes a model and is none", safetensors("unet.to_q.lora_A.weight")),
                Arguments.of("a GGUF file", new byte[] {'G', 'G', 'U', 'F', 3, 0, 0, 0}),
                text("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
                text("a web page", "<!DOCTYPE html><html></html>"), text("a text, and not a model", "digits\n"),
                Arguments.of("no model", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}));
    }

    private static byte[] safetensors(String tensor) {
        byte[] header = ("{\"" + tensor + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}").getBytes(
                StandardCharsets.UTF_8);
        return ByteBuffer.allocate(12 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header)
                .array();
    }

    private static Arguments text(String kind, String text) {
        return Arguments.of(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("files")
    void otherFilesAreTold(String kind, byte[] bytes) throws IOException {
        refused(kind, Files.write(folder.resolve("model.pt"), bytes));
    }

    @Test
    void whatRunsIsTold() throws IOException {
        Path graph = Files.write(folder.resolve("a"), new byte[] {8, 7, 0x12, 7, 'p', 'y', 't', 'o', 'r', 'c', 'h'});
        assertEquals(ModelFileKind.ONNX, ModelFileKind.of(graph));
        Map<String, byte[]> compiled = new LinkedHashMap<>();
        compiled.put("m/archive_format", new byte[1]);
        compiled.put("m/data/aotinductor/model/c.wrapper.so", new byte[1]);
        assertEquals(ModelFileKind.AOTINDUCTOR, ModelFileKind.of(TestArchives.write(folder.resolve("b"), compiled)));
        assertEquals(ModelFileKind.TORCHSCRIPT, ModelFileKind.of(TestModules.plain(folder)));
    }

    private void refused(String kind, Path file) throws IOException {
        String message = assertThrows(IOException.class, () -> ModelFile.load(file)).getMessage();
        assertTrue(message.startsWith("model file " + file + " is " + kind), message);
        assertEquals(1, message.lines().count());
    }
}
