package dev.paraflux.model.torch;

import dev.paraflux.check.Reason;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;
import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, and sets how many threads it uses. */
public final class TorchLibrary {
    private static final int NONE = 0;

    private static volatile int wish = NONE;
    private static int defaultReplicas = 1;
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
     * Sets the number of threads that libtorch itself uses for a batch, on whichever thread of the program it is called, from
     * the next call on; process-wide. A model then evaluates a call as one part after another, unless its own
     * {@link TorchScriptDenoiser#setReplicas} says otherwise.
     *
     * <p>Without it libtorch uses one thread, and a model has {@link #replicas()} such threads for the parts of a call. They
     * need not meet between the layers of a network, as libtorch's own must.
     *
     * <p>libtorch adds up in another order on another number of threads, so that predictions, and samples, differ in their
     * last bits (the demo model's by 3e-6 between one thread and two). One number of threads gives the same bits again.
     *
     * @param threads 1 to {@link #mostThreads()}
     */
    public static void setThreads(int threads) {
        Require.between(1, mostThreads(), "threads", threads);
        require();
        wish = threads;
    }

    /** The most threads that can be asked for: 64, or the processors where there are more. */
    public static int mostThreads() {
        return Math.max(64, Runtime.getRuntime().availableProcessors());
    }

    /** Takes {@link #setThreads} back. */
    static void resetThreads() {
        wish = NONE;
    }

    /** Number of threads that libtorch uses for a batch. */
    public static int threads() {
        require();
        return Math.max(1, wish);
    }

    /**
     * How many parts of a call a model evaluates at the same time unless its own wish says otherwise: one a core, or what
     * {@code OMP_NUM_THREADS} says, or 1 where {@link #setThreads} was called.
     */
    public static int replicas() {
        require();
        return wish == NONE ? defaultReplicas : 1;
    }

    /**
     * Makes the calls of this thread use as many threads as they should: libtorch and OpenMP keep a number for each
     * thread that calls them.
     */
    static void useThreads() {
        int threads = threads();
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
            defaultReplicas = Math.max(1, Math.min(torch.get_num_threads(),
                    Math.min(mostThreads(), Runtime.getRuntime().availableProcessors())));
            if (System.getenv("OPENBLAS_NUM_THREADS") == null) {
                // OpenBLAS has threads of its own, which serve calls of one row alone. Where the cores have anything else
                // to do they make such a call ten times slower.
                Kernels.paraflux_set_openblas_threads(1);
            }
            return null;
        } catch (IOException | ClassNotFoundException | LinkageError | RuntimeException | OutOfMemoryError e) {
            String reason = Reason.of(e);
            String jars = e instanceof ClassNotFoundException || e instanceof NoClassDefFoundError
                    ? ". It needs the pytorch and openblas jars with classifier " + Loader.getPlatform() : "";
            return new IllegalStateException("libtorch cannot be loaded: " + reason
                    + (reason.contains("libparaflux") ? "" : jars + NativeLibrary.cure(reason)), e);
        }
    }
}
