package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.CudaFacts;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.torch.TestArchives;
import dev.paraflux.model.torch.TorchLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packages for another device than they are to run on: refused in a sentence before anything of them is unpacked. */
class AotiRefusalTest {
    private static final CountingDevice THERE = new CountingDevice(false);

    @TempDir
    private Path folder;

    /** A package as the compiler makes it for a device, but for what its code is. */
    private Path compiledFor(String kind, String capability, String... kernels) throws IOException {
        Map<String, byte[]> entries = TestPackages.entries(TestPackages.tiny(folder));
        String metadata = entries.keySet().stream().filter(name -> name.endsWith("_metadata.json")).findFirst()
                .orElseThrow();
        entries.put(metadata, ("{\"AOTI_DEVICE_KEY\": \"" + kind + "\", \"AOTI_PLATFORM\": \"linux\","
                + " \"AOTI_MACHINE\": \"x86_64\", \"AOTI_CPU_ISA\": \"AVX2\", \"AOTI_COMPUTE_CAPABILITY\": \""
                + capability + "\"}").getBytes(StandardCharsets.UTF_8));
        for (String kernel : kernels) {
            entries.put(metadata.substring(0, metadata.lastIndexOf('/') + 1) + kernel, new byte[] {1});
        }
        return TestArchives.write(folder.resolve("other.pt2"), entries);
    }

    private ModelCard card() throws IOException {
        return TestPackages.card(folder.resolve("tiny.pt2"));
    }

    @Test
    void aPackageForTheCpuIsNotRunElsewhere() throws IOException {
        Path file = TestPackages.tiny(folder);
        assertEquals("device " + THERE + ": must be the CPU, which model file " + file
                + " was compiled for: export it with --device cuda (tools/README.md)",
                assertThrows(IllegalValueException.class,
                        () -> AotiBackend.load(file, card(), LoadOptions.DEFAULT, new AotiCuda(THERE, 0)))
                        .getMessage());
        Path other = compiledFor("xpu", "");
        String message = assertThrows(IllegalValueException.class,
                () -> AotiBackend.load(other, card(), LoadOptions.DEFAULT, new AotiCuda(THERE, 0))).getMessage();
        assertTrue(message.startsWith("device " + THERE + ": must be xpu, which model file "), message);
        assertEquals(0, THERE.queues());
    }

    /** Code of a generation runs on later devices of it; from the ninth on the compiler uses what one kind alone has. */
    @ParameterizedTest
    @CsvSource({"75, 7, 5, true", "80, 8, 6, true", "86, 8, 0, false", "80, 9, 0, false", "90, 9, 0, true",
            "90, 8, 9, false", "100, 10, 0, true", "100, 10, 3, false", "120, 12, 0, true", "90, 0, 0, true"})
    void codeForAnotherGenerationOfDevicesIsRefused(String compiled, int major, int minor, boolean runs)
            throws IOException {
        CudaFacts facts = new CudaFacts(1, "some device", major, minor, 1, 1, 1, List.of(), "");
        try (AotiArchive one = AotiArchive.open(compiledFor("cuda", compiled, "a.cubin", "b.fatbin"))) {
            if (runs) {
                AotiTarget.requireCapability(one, facts);
            } else {
                assertEquals(
                        "model file " + one.file() + " cannot be used here: it was compiled for a device of compute"
                                + " capability " + compiled.replaceFirst("(.)$", ".$1") + ", and cuda:1 has " + major
                                + "."
                                + minor + ": export it on such a device, or with aot_inductor.emit_multi_arch_kernel",
                        assertThrows(IOException.class, () -> AotiTarget.requireCapability(one, facts)).getMessage());
            }
        }
        try (AotiArchive many = AotiArchive.open(compiledFor("cuda", compiled, "b.fatbin"))) {
            AotiTarget.requireCapability(many, facts);
        }
    }

    @Test
    void codeForDevicesOfOthersIsRefused() throws IOException {
        CudaFacts facts = new CudaFacts(0, "some device", 9, 0, 1, 1, 1, List.of(), "");
        try (AotiArchive other = AotiArchive.open(compiledFor("cuda", "gfx90a", "a.cubin"))) {
            String message = assertThrows(IOException.class, () -> AotiTarget.requireCapability(other, facts))
                    .getMessage();
            assertTrue(message.contains("compute capability gfx90a, and not for one of CUDA's"), message);
        }
    }

    /** Of a CUDA device that is there: what was compiled for it is told what libtorch lacks. */
    @Test
    void aLibtorchOfTheCpuSaysWhatIsMissing() throws IOException {
        Device cuda = CudaTests.device();
        Path file = TestPackages.tiny(folder);
        LoadOptions there = LoadOptions.DEFAULT.withDevice(cuda);
        assertTrue(assertThrows(IllegalValueException.class, () -> ModelFile.load(file, card(), there)).getMessage()
                .startsWith("device " + cuda + ": must be the CPU, which model file "));
        if (TorchLibrary.places().startsWith("the CPU alone")) {
            String message = assertThrows(IllegalValueException.class,
                    () -> ModelFile.load(compiledFor("cuda", "90"), card(), there)).getMessage();
            assertTrue(
                    message.startsWith("device " + cuda + ": must be the CPU, for the libtorch here is the CPU's: put"
                            + " org.bytedeco:pytorch:"),
                    message);
        }
    }
}
