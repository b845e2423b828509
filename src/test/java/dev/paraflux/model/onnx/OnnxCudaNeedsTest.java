package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing for a model on a CUDA device is named, with what to do, and nothing is loaded before. */
class OnnxCudaNeedsTest {
    private static final String JAR = "com.microsoft.onnxruntime:onnxruntime_gpu:" + OnnxLibrary.version();
    private static final String CPUS = "the ONNX Runtime here is the CPU's: put " + JAR
            + " on the class path, in the place of com.microsoft.onnxruntime:onnxruntime";
    private static final String TWO = "the CPU's ONNX Runtime comes before the other on the class path: take"
            + " com.microsoft.onnxruntime:onnxruntime off it, onnxruntime_gpu runs models on the CPU, too; or unpack the"
            + " libraries of the other, and name their folder by -Donnxruntime.native.path";

    @TempDir
    Path folder;

    /** In a virtual machine of its own. */
    static final class Places {
        private Places() {}

        public static void main(String[] none) {
            System.out.println(OnnxBackend.places());
        }
    }

    @Test
    void eachThingThatIsMissingIsSaidInASentence() {
        assertEquals(CPUS, new OnnxCudaNeeds(false, false, null, false, List.of()).refusal());
        assertEquals(TWO, new OnnxCudaNeeds(false, true, null, false, List.of()).refusal());
        assertEquals("the ONNX Runtime in /opt/ort, which -Donnxruntime.native.path names, is the CPU's: put the"
                + " libraries of " + JAR + " there",
                new OnnxCudaNeeds(false, true, "/opt/ort", false, List.of()).refusal());
        assertEquals("ONNX Runtime's provider for CUDA lacks libraries: the system's loader does not find"
                + " libcublas.so.12, libcudnn.so.9: put the folders of CUDA 12 and cuDNN 9 into LD_LIBRARY_PATH",
                new OnnxCudaNeeds(true, true, null, false, List.of("libcublas.so.12", "libcudnn.so.9")).refusal());
        assertTrue(new OnnxCudaNeeds(true, true, null, false, List.of("libcuda.so.1")).refusal()
                .endsWith("; libcuda.so.1 comes with NVIDIA's driver"));
        assertTrue(new OnnxCudaNeeds(true, true, null, true, List.of()).refusal()
                .startsWith("libtorch's build for CUDA is loaded in this process: "));
        assertEquals("", new OnnxCudaNeeds(true, true, null, false, List.of()).refusal());
    }

    @Test
    void theJarOfTheBuildIsTheCpus() throws Exception {
        OnnxLibrary.require();
        OnnxCudaNeeds here = OnnxCudaNeeds.here();
        assertFalse(here.built() || here.packed());
        assertEquals(CPUS, here.refusal());
        assertEquals(List.of("the CPU alone: " + CPUS), new JavaProcess().run(0, Places.class));
    }

    /** Of the other jar no more is here than the name of its library. */
    @Test
    void theCpusJarBeforeTheOtherIsTold() throws Exception {
        Path libraries = Files.createDirectories(folder.resolve("ai/onnxruntime/native/linux-x64"));
        Files.createFile(libraries.resolve("libonnxruntime_providers_cuda.so"));
        assertEquals(List.of("the CPU alone: " + TWO),
                new JavaProcess().withClassPath(folder).run(0, Places.class));
    }

    @Test
    void theTrialIsRightOnTheCpu() throws IOException {
        OnnxLibrary.require();
        assertEquals("", OnnxTrial.refusal(OnnxTarget.host(1)));
        assertEquals("", OnnxTrial.refusal(OnnxTarget.host(2)));
    }
}
