package dev.paraflux.model.torch;

import dev.paraflux.kernel.SystemLibraries;
import java.util.List;

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
}
