package dev.paraflux.model.torch;

import dev.paraflux.check.Reason;
import dev.paraflux.kernel.SystemLibraries;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * What libtorch's build for CUDA takes from the system. Where some of it is missing JavaCPP loads what it can, and where the
 * CPU's build is on the class path, too, goes on with that: two libtorchs in one process end it.
 */
final class TorchCudaNeeds {
    /** Of CUDA 13, cuDNN 9 and NCCL 2: what libtorch 2.10 was linked with. */
    private static final List<String> LIBRARIES = List.of("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13",
            "libcufft.so.12", "libcurand.so.10", "libcusparse.so.12", "libcufile.so.0", "libcupti.so.13",
            "libcudnn.so.9",
            "libnccl.so.2");
    /** What its classes for CUDA take besides, each behind what it needs itself: they are bound to all of JavaCPP's presets. */
    private static final List<String> OF_CLASSES = List.of("libcuda.so.1", "libcudnn_graph.so.9", "libcudnn_ops.so.9",
            "libcudnn_adv.so.9", "libcudnn_cnn.so.9", "libcusolver.so.12", "libcusolverMg.so.12");
    private static final String PRESETS = "/org/bytedeco/cuda/";
    /** Where JavaCPP looks: where the system does, and in these. */
    private static final List<String> FOLDERS = List.of("", "/usr/local/cuda-13.1/lib64/", "/usr/local/cuda/lib64/");

    private TorchCudaNeeds() {}

    /** Whether ONNX Runtime's provider for CUDA is loaded, which has brought another cuDNN by the same name. */
    static boolean areTaken() {
        return SystemLibraries.loaded("libonnxruntime_providers_cuda.so").isPresent();
    }

    /** The names of what cannot be loaded, with commas; empty if all can, which then is. */
    static String missing() {
        return String.join(", ", SystemLibraries.missing(LIBRARIES, FOLDERS));
    }

    /** What libtorch's classes for CUDA lack, in words, when they could not be loaded. */
    static String ofClasses(LinkageError failure) {
        boolean arePacked = Stream.of("presets/cudart.class", Loader.getPlatform() + "/libjnicudart.so")
                .allMatch(file -> TorchCudaNeeds.class.getResource(PRESETS + file) != null);
        return ofClasses(arePacked, arePacked ? SystemLibraries.missing(OF_CLASSES, FOLDERS) : List.of(), failure);
    }

    /**
     * As that.
     *
     * @param arePacked whether JavaCPP's presets of CUDA are on the class path
     * @param missing   of the system's libraries
     */
    static String ofClasses(boolean arePacked, List<String> missing, LinkageError failure) {
        if (!arePacked) {
            return "org.bytedeco:cuda, of the version that goes with org.bytedeco:pytorch:" + TorchLibrary.version()
                    + ", and its jar for " + Loader.getPlatform() + ", on the class path";
        }
        return missing.isEmpty() ? "org.bytedeco:cuda, which cannot be loaded: " + Reason.of(failure)
                : "libraries that the system's loader does not find: " + String.join(", ", missing)
                        + ": put their folders into LD_LIBRARY_PATH";
    }
}
