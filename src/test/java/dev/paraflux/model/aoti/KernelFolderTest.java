package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TestArchives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code for a device that lies beside a compiled library, on a stand-in for one. */
class KernelFolderTest {
    private static final CountingDevice THERE = new CountingDevice(false);

    @TempDir
    private static Path folder;

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    /** Two parts of code for a device, and others that are none. */
    private static Path withKernels() throws IOException {
        Map<String, byte[]> entries = TestPackages.entries(TestPackages.tiny(folder));
        entries.put("tiny/data/aotinductor/model/first.cubin", new byte[] {1, 2});
        entries.put("tiny/data/aotinductor/model/second.fatbin", new byte[] {3});
        entries.put("tiny/data/aotinductor/model/deeper/third.cubin", new byte[] {4});
        entries.put("tiny/data/other/fourth.cubin", new byte[] {5});
        return TestArchives.write(folder.resolve("kernels.pt2"), entries);
    }

    /** It is read when it is first called for, whenever that is. */
    @Test
    void codeForTheDeviceIsThereUntilTheModelIsClosed() throws IOException {
        Path file = withKernels();
        AotiStandIn where = new AotiStandIn(THERE);
        Path kernels;
        try (PretrainedDenoiser model = where.denoiser(file, folder)) {
            kernels = where.kernels();
            assertNotNull(kernels);
            assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(kernels.resolve("first.cubin")));
            assertArrayEquals(new byte[] {3}, Files.readAllBytes(kernels.resolve("second.fatbin")));
            try (var files = Files.list(kernels)) {
                assertEquals(2, files.count());
            }
            try (PretrainedDenoiser second = where.denoiser(file, folder)) {
                assertFalse(kernels.equals(where.kernels()), "each has its own");
                assertEquals(model.identity(), second.identity());
            }
            assertTrue(Files.exists(kernels));
        }
        assertFalse(Files.exists(kernels));
        where.limit(0, "no", false);
        assertThrows(IllegalArgumentException.class, () -> where.denoiser(file, folder));
        assertFalse(Files.exists(where.kernels()), "what was not loaded has left nothing");
    }

    /** In a virtual machine of its own, which ends with the model open. */
    static final class Load {
        private Load() {}

        public static void main(String[] files) throws IOException {
            AotiStandIn where = new AotiStandIn(new CountingDevice(false));
            PretrainedDenoiser model = PretrainedDenoiser.load(where, Path.of(files[0]),
                    TestPackages.card(Path.of(files[1])), LoadOptions.DEFAULT);
            System.out.println(Files.exists(where.kernels().resolve("first.cubin")) + " " + where.kernels());
            System.exit(model.dim() == TestPackages.DIM ? 0 : 1);
        }
    }

    @Test
    void codeForTheDeviceIsGoneWhenTheProcessEnds() throws Exception {
        List<String> lines = new JavaProcess().run(0, Load.class, withKernels().toString(),
                folder.resolve("tiny.pt2").toString());
        String told = lines.get(lines.size() - 1);
        assertTrue(told.startsWith("true /"), told);
        assertFalse(Files.exists(Path.of(told.substring("true ".length()))));
    }
}
