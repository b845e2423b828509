package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.torch.TestArchives;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packages that are not for this machine, or no packages: refused by name before any of their code is loaded. */
class AotiPackageTest {
    @TempDir
    Path folder;

    private Path good;

    @BeforeEach
    void copy() throws IOException {
        good = TestPackages.tiny(folder);
    }

    /** Whatever happened. */
    @AfterEach
    void nothingStaysUnpacked() throws IOException {
        String own = "paraflux-compiled-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertEquals(0, files.filter(file -> file.getFileName().toString().startsWith(own)).count());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    cuda | linux | x86_64  | AVX2     | it was compiled for cuda, and not for the CPU: say on which device it is to run (LoadOptions.withDevice, --model-device cuda:0), or export it with --device cpu
                    xpu  | linux | x86_64  | AVX2     | it was compiled for xpu, and not for the CPU: export it with --device cpu (tools/README.md)
                    cpu  | win32 | x86_64  | AVX2     | it was compiled for win32, and not for linux
                    cpu  | linux | aarch64 | ASIMD    | it was compiled for aarch64, and not for x86_64
                    cpu  | linux | x86_64  | AVX9     | it was compiled for a processor with AVX9, which is not known here
                    """)
    void packagesForOtherMachinesAreRefused(String device, String platform, String machine, String isa, String words)
            throws IOException {
        refused(words, TestPackages.withMetadata(good, folder.resolve("other.pt2"), ("{\"AOTI_DEVICE_KEY\": \"%s\","
                + " \"AOTI_PLATFORM\": \"%s\", \"AOTI_MACHINE\": \"%s\", \"AOTI_CPU_ISA\": \"%s\"}").formatted(device,
                        platform, machine, isa)));
    }

    private static JsonValue metadata(String isa, String more) throws IOException {
        return JsonFile.read(new ByteArrayInputStream(("{\"AOTI_DEVICE_KEY\": \"cpu\", \"AOTI_MACHINE\": \"x86_64\","
                + " \"AOTI_CPU_ISA\": \"" + isa + "\"" + more + "}").getBytes(StandardCharsets.UTF_8)), "metadata");
    }

    /** A processor without an instruction would end the virtual machine. */
    @Test
    void instructionsAreLookedUpInTheFlagsOfTheProcessor() throws IOException {
        Set<String> avx512 = Set.of("avx2", "fma", "f16c", "avx512f", "avx512dq", "avx512bw", "avx512vl",
                "avx512_vnni");
        for (String isa : new String[] {"", "INVALID_VEC_ISA", "AVX2", "AVX512", "AVX512 AVX512_VNNI"}) {
            assertDoesNotThrow(() -> AotiTarget.require(metadata(isa, ""), avx512), isa);
        }
        assertEquals("it was compiled for a processor with AVX512 AVX512_VNNI AMX_TILE, and this one has no amx_bf16,"
                + " amx_int8, amx_tile: compile it on this machine, or for less of a processor (tools/README.md)",
                assertThrows(IOException.class,
                        () -> AotiTarget.require(metadata("AVX512 AVX512_VNNI AMX_TILE", ""), avx512)).getMessage());
        assertTrue(assertThrows(IOException.class, () -> AotiTarget.require(metadata("AVX512", ""), Set.of("avx2")))
                .getMessage().contains("has no avx512bw, avx512dq, avx512f, avx512vl, fma"));
        String known = ", \"PARAFLUX_PROCESSOR\": \"avx2 gfni vaes\"";
        assertTrue(assertThrows(IOException.class, () -> AotiTarget.require(metadata("AVX2", known), avx512))
                .getMessage().contains("this one has no gfni, vaes"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                             | AOTI_DEVICE_KEY
            []                             | metadata
            {"AOTI_DEVICE_KEY": 3}         | AOTI_DEVICE_KEY 3: must be
            {"AOTI_DEVICE_KEY": "cpu", "AOTI_MACHINE": "x86_64"} | AOTI_CPU_ISA
            {"AOTI_DEVICE_KEY"             | not JSON in line 1
            """)
    void metadataThatIsNoneIsRefused(String json, String words) throws IOException {
        refused(words, TestPackages.withMetadata(good, folder.resolve("other.pt2"), json));
    }

    /** The loader would find out when the function is called, and end the process. */
    @Test
    void functionsThatAreMissingAreNamed() throws IOException {
        refused("it calls aoti_torch_cpu_convolutioX, which this libtorch (", TestPackages.withOther(good,
                folder.resolve("other.pt2"), "aoti_torch_cpu_convolution", "aoti_torch_cpu_convolutioX"));
    }

    @Test
    void librariesThatAreMissingAreNamed() throws IOException {
        refused("it needs library libtorch_cpX.so, which is not there", TestPackages.withOther(good,
                folder.resolve("other.pt2"), "libtorch_cpu.so", "libtorch_cpX.so"));
    }

    @Test
    void packagesWithoutOneModelAreRefused() throws IOException {
        Map<String, byte[]> entries = TestPackages.entries(good);
        String library = entries.keySet().stream().filter(name -> name.endsWith(".so")).findFirst().orElseThrow();
        byte[] code = entries.remove(library);
        Path other = folder.resolve("other.pt2");
        refused("it has no compiled library", TestArchives.write(other, entries));
        entries.put(library, code);
        entries.put(library.replace("/model/", "/second/"), code);
        refused("it has 2 compiled libraries", TestArchives.write(other, entries));
        entries.remove(library.replace("/model/", "/second/"));
        entries.put("tiny/data/weights/weight_0", new byte[8]);
        refused("its weights lie apart from the compiled library", TestArchives.write(other, entries));
        entries.remove("tiny/data/weights/weight_0");
        entries.keySet().removeIf(name -> name.endsWith("_metadata.json"));
        refused("its compiler does not tell which machine it is for", TestArchives.write(other, entries));
    }

    /** Names of entries are no places to write to. */
    @Test
    void pathsOutOfTheArchiveLeadNowhere() throws IOException {
        Map<String, byte[]> entries = TestPackages.entries(good);
        entries.put("tiny/data/aotinductor/../../../../escaped.json", new byte[3]);
        Path other = TestArchives.write(folder.resolve("other.pt2"), entries);
        try (AotiPackage unpacked = AotiPackage.unpack(other, new AotiCpu())) {
            try (Stream<Path> files = Files.list(unpacked.library().getParent())) {
                assertEquals(1, files.count());
            }
            assertTrue(Files.size(unpacked.library()) > 100_000);
        }
    }

    @Test
    void librariesThatAreNoneAreRefused() throws IOException {
        for (byte[] other : new byte[][] {{}, {1, 2, 3}, new byte[4096]}) {
            refused("has a compiled library that is damaged: ",
                    TestArchives.change(good, folder.resolve("other.pt2"), ".so", bytes -> other));
        }
        refused("has a compiled library that is damaged: a table lies outside it", TestArchives.change(good,
                folder.resolve("other.pt2"), ".so", bytes -> Arrays.copyOf(bytes, bytes.length - 600)));
        refused("it is no shared library for x86-64",
                TestArchives.change(good, folder.resolve("other.pt2"), ".so", bytes -> {
                    bytes[18] = (byte) 183;
                    return bytes;
                }));
    }

    @Test
    void aChangedByteOrACutFileIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(good);
        Path bad = folder.resolve("bad.pt2");
        for (int at = bytes.length / 10; at < bytes.length * 9 / 10; at += bytes.length / 7) {
            byte[] changed = bytes.clone();
            changed[at] ^= 16;
            Files.write(bad, changed);
            refused("is damaged: entry ", bad);
        }
        Files.write(bad, Arrays.copyOf(bytes, bytes.length / 2));
        refused("is damaged: ", bad);
    }

    private void refused(String words, Path file) throws IOException {
        String message = assertThrows(IOException.class,
                () -> ModelFile.load(file, TestPackages.card(good), LoadOptions.DEFAULT)).getMessage();
        assertTrue(message.startsWith("model file " + file + " ") && message.contains(words), message);
        assertFalse(message.contains("\n\tat") || message.contains(": null"), message);
    }
}
