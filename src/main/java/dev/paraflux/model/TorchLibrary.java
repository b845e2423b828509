package dev.paraflux.model;

import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;
import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, and sets how many threads it uses. */
public final class TorchLibrary {
    private static final IllegalStateException FAILURE = tryToLoad();

    private TorchLibrary() {}

    /**
     * Makes sure that libtorch is loaded; the first call takes seconds.
     *
     * @throws IllegalStateException if it cannot be loaded, with the cause
     */
    public static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException(FAILURE.getMessage(), FAILURE.getCause());
        }
    }

    /**
     * Sets the number of threads that one model call may use, for libtorch and for its BLAS alike; process-wide.
     *
     * @param threads 1 or more
     */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ": must be 1 or more");
        }
        require();
        torch.set_num_threads(threads);
        // OpenBLAS keeps a pool of its own, which at::set_num_threads does not touch.
        Kernels.paraflux_set_openblas_threads(threads);
    }

    /** Number of threads that one model call may use. */
    public static int threads() {
        require();
        return torch.get_num_threads();
    }

    /** Number of threads of libtorch's BLAS, which has a pool of its own. */
    static int blasThreads() {
        require();
        return Kernels.paraflux_openblas_threads();
    }

    /** Version of libtorch and of its binding, for example {@code 2.10.0-1.5.13}. */
    public static String version() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            return "unknown version";
        }
    }

    private static IllegalStateException tryToLoad() {
        try {
            NativeLibrary.require();
            Kernels.paraflux_wait_passively();
            // Where the system has a libtorch of its own, a cold cache would resolve libtorch.so against the system's
            // libtorch_cpu.so and crash: the files must lie beside each other before the first is loaded.
            Class<?> torchClass = Class.forName("org.bytedeco.pytorch.global.torch", false,
                    TorchLibrary.class.getClassLoader());
            for (String file : List.of("libgomp.so.1", "libc10.so", "libtorch_cpu.so")) {
                Loader.cacheResource(torchClass, "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/" + file);
            }
            Loader.load(torchClass);
            return null;
        } catch (IOException | ClassNotFoundException | LinkageError | IllegalStateException e) {
            return new IllegalStateException("libtorch cannot be loaded: " + e.getMessage()
                    + ". It needs the pytorch and openblas jars with classifier " + Loader.getPlatform()
                    + " and about 450 MB in the folder that -Dorg.bytedeco.javacpp.cachedir names (default ~/.javacpp)",
                    e);
        }
    }
}
