package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.paraflux.kernel.SystemLibraries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What ONNX Runtime's provider for CUDA takes, and what of it is here.
 *
 * @param built   whether the ONNX Runtime that is loaded was built for it
 * @param packed  whether a jar on the class path has it
 * @param folder  where ONNX Runtime was loaded from, if that was asked for; else null
 * @param beside  whether libtorch's build for CUDA is loaded, too
 * @param missing names of the libraries that the system's loader does not find, where the provider is built
 */
record OnnxCudaNeeds(boolean built, boolean packed, String folder, boolean beside, List<String> missing) {
    /** The jar that has it, in the version of the one that has not. */
    private static final String JAR = "com.microsoft.onnxruntime:onnxruntime_gpu:";
    private static final String PROVIDER = "/ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so";
    /** Of the driver, of CUDA 12, and of cuDNN 9, which it loads when it first needs it. */
    private static final List<String> LIBRARIES = List.of("libcuda.so.1", "libcudart.so.12", "libcublasLt.so.12",
            "libcublas.so.12", "libcurand.so.10", "libcudnn.so.9");
    private static final List<String> FOLDERS = List.of("", "/usr/local/cuda-12/lib64/", "/usr/local/cuda/lib64/");
    private static final String CUDNN = "libcudnn.so.9";
    /** cuDNN ends the process where one of them is needed and not found. */
    private static final List<String> CUDNN_PARTS = List.of("libcudnn_graph.so.9", "libcudnn_ops.so.9",
            "libcudnn_engines_runtime_compiled.so.9", "libcudnn_heuristic.so.9");

    /** What is here; loads what it finds of the libraries. For an ONNX Runtime that is loaded. */
    static OnnxCudaNeeds here() {
        boolean built = OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
        return new OnnxCudaNeeds(built, OrtEnvironment.class.getResource(PROVIDER) != null,
                System.getProperty(OnnxLibrary.FOLDER), SystemLibraries.loaded("libtorch_cuda.so").isPresent(),
                built ? missingLibraries() : List.of());
    }

    private static List<String> missingLibraries() {
        List<String> missing = new ArrayList<>(SystemLibraries.missing(LIBRARIES, FOLDERS));
        Optional<Path> cudnn = SystemLibraries.loaded(CUDNN);
        if (!missing.contains(CUDNN) && cudnn.isPresent()) {
            // They lie beside it, or are found as it is.
            missing.addAll(SystemLibraries.missing(CUDNN_PARTS.stream()
                    .filter(part -> !Files.exists(cudnn.get().resolveSibling(part))).toList(), FOLDERS));
        }
        return missing;
    }

    /** Why it cannot work, as far as can be told before it is loaded, and what to do; empty if nothing is known. */
    String refusal() {
        String jar = JAR + OnnxLibrary.version();
        if (!built && folder != null) {
            return "the ONNX Runtime in " + folder + ", which -Donnxruntime.native.path names, is the CPU's: put the"
                    + " libraries of " + jar + " there";
        }
        if (!built) {
            return packed
                    ? "the CPU's ONNX Runtime comes before the other on the class path: take"
                            + " com.microsoft.onnxruntime:onnxruntime off it, onnxruntime_gpu runs models on the CPU, too; or unpack"
                            + " the libraries of the other, and name their folder by -Donnxruntime.native.path"
                    : "the ONNX Runtime here is the CPU's: put " + jar + " on the class path, in the place of"
                            + " com.microsoft.onnxruntime:onnxruntime";
        }
        if (beside) {
            return "libtorch's build for CUDA is loaded in this process: it takes cuDNN from CUDA 13 and ONNX Runtime from"
                    + " CUDA 12, by one name; take the jar of libtorch with -gpu in its name off the class path";
        }
        if (!missing.isEmpty()) {
            return "ONNX Runtime's provider for CUDA lacks libraries: the system's loader does not find "
                    + String.join(", ", missing) + ": put the folders of CUDA 12 and cuDNN 9 into LD_LIBRARY_PATH"
                    + (missing.contains("libcuda.so.1") ? "; libcuda.so.1 comes with NVIDIA's driver" : "");
        }
        return "";
    }
}
