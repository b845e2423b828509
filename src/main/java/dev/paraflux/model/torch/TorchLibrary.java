package dev.paraflux.model.torch;

import dev.paraflux.check.Reason;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;
import dev.paraflux.thread.ThreadRoom;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, and sets how many threads its calls use. */
public final class TorchLibrary {
    /** A platform that the library itself has natives for. */
    private static final String WITHOUT = "linux-arm64";
    private static final int POOLS = 2;
    /** For how many threads there was room, on each thread that calls; numbers of Java's own, which keep no classes. */
    private static final ThreadLocal<Integer> ROOM = ThreadLocal.withInitial(() -> 1);
    /** What the build for CUDA, where that is loaded, needs and the system has not. */
    private static String missing = "";
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
     * Makes the calls of this thread use so many threads of libtorch's own: libtorch and OpenMP keep a number for each thread
     * that calls them. OpenMP begins them for each such thread, and ends the process where it cannot; libtorch begins as many for a
     * pool of its own, and waits for ever.
     *
     * @throws OutOfMemoryError if there cannot be so many threads
     */
    public static void useThreads(int threads) {
        if (threads > ROOM.get()) {
            ThreadRoom.require(POOLS * (threads - 1), "libtorch with " + threads + " threads");
            ROOM.set(threads);
        }
        // Asking comes first: on a thread that is new to libtorch it would undo what was set.
        if (torch.get_num_threads() != threads) {
            torch.set_num_threads(threads);
        }
    }

    /** Number of threads of libtorch's BLAS, which has a pool of its own: 1, or what the environment says. */
    static int blasThreads() {
        require();
        return Kernels.paraflux_openblas_threads();
    }

    /** Where models can run, in words: the CPU, and CUDA's devices, with graphs or why without, or why not. */
    public static String places() {
        require();
        String refusal = TorchTarget.cudaRefusal();
        if (!refusal.isEmpty()) {
            return "the CPU alone: " + refusal;
        }
        String missing = TorchGraphs.missingForCuda();
        return "the CPU and CUDA, " + (missing.isEmpty() ? "with CUDA graphs"
                : "without CUDA graphs and AOTInductor, which take " + missing);
    }

    /** What the build for CUDA lacks, in words, if that is what is loaded; else empty. */
    static String missingForCuda() {
        return missing.isEmpty() ? "" : "the system's loader does not find " + missing
                + ": put their folders into LD_LIBRARY_PATH";
    }

    /** Version of libtorch and of its binding, for example {@code 2.10.0-1.5.13}. */
    public static String version() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            return "unknown version";
        }
    }

    /** Whether JavaCPP finds them in a folder first, where they lie beside each other: unpacked beforehand, as in an image. */
    private static boolean areUnpacked(Class<?> torchClass) {
        URL[] places = Loader.findLibrary(torchClass,
                Loader.loadProperties(torchClass, Loader.loadProperties(), true), "jnitorch");
        return places.length > 0 && places[0].getProtocol().equals("file");
    }

    private static IllegalStateException tryToLoad() {
        try {
            NativeLibrary.require();
            Kernels.paraflux_wait_passively();
            // Where the system has a libtorch of its own, a cold cache would resolve libtorch.so against the system's
            // libtorch_cpu.so and crash: the files must lie beside each other before the first is loaded.
            Class<?> torchClass = Class.forName("org.bytedeco.pytorch.global.torch", false,
                    TorchLibrary.class.getClassLoader());
            if (Loader.getPlatform().equals(WITHOUT)) {
                return new IllegalStateException("there is no libtorch for " + WITHOUT
                        + " in JavaCPP's presets: export the model to ONNX, which runs there");
            }
            String folder = "/org/bytedeco/pytorch/" + Loader.getPlatform();
            // JavaCPP prefers the build for CUDA where both are there.
            if (Loader.cacheResource(torchClass, folder + "-gpu/libc10.so") != null) {
                missing = TorchCudaNeeds.missing();
                if (!missing.isEmpty() && torchClass.getResource(folder + "/libc10.so") != null) {
                    return new IllegalStateException(
                            "libtorch cannot be loaded: its build for CUDA is on the class path, and "
                                    + missingForCuda() + ", or take the jar pytorch-" + version() + "-"
                                    + Loader.getPlatform()
                                    + "-gpu off the class path");
                }
                folder += "-gpu";
            }
            if (!areUnpacked(torchClass)) {
                for (String file : List.of("libgomp.so.1", "libc10.so", "libtorch_cpu.so", "libc10_cuda.so",
                        "libtorch_cuda.so")) {
                    Loader.cacheResource(torchClass, folder + "/" + file);
                }
            }
            Loader.load(torchClass);
            if (System.getenv("OPENBLAS_NUM_THREADS") == null) {
                // OpenBLAS has threads of its own, which serve calls of one row alone. Where the cores have anything else
                // to do they make such a call ten times slower.
                Kernels.paraflux_set_openblas_threads(1);
            }
            return null;
        } catch (IOException | ClassNotFoundException | LinkageError | RuntimeException | OutOfMemoryError e) {
            String reason = Reason.of(e);
            String jars = e instanceof ClassNotFoundException || e instanceof NoClassDefFoundError
                    ? ". It needs the pytorch and openblas jars with classifier " + Loader.getPlatform()
                            + ", which dev.paraflux:paraflux-torch brings"
                    : "";
            return new IllegalStateException("libtorch cannot be loaded: " + reason
                    + (reason.contains("libparaflux") ? "" : jars + NativeLibrary.cure(reason)), e);
        }
    }
}
