package dev.paraflux.model.aoti;

import dev.paraflux.kernel.Kernels;
import dev.paraflux.model.torch.TorchLibrary;
import java.util.function.Supplier;

/** What compiled models need of the process. */
final class AotiLibrary {
    private static final int FOUND = 0;
    private static final int NO_LIBRARY = 2;

    private AotiLibrary() {}

    /**
     * Makes sure that libtorch is loaded, and that models which are loaded from now on check what they are given.
     *
     * @throws IllegalStateException if libtorch cannot be loaded, with the cause
     */
    static void require() {
        TorchLibrary.require();
        Kernels.paraflux_check_compiled_inputs();
    }

    /** Whether a library can be loaded; it is from now on. */
    static boolean isThere(String library) {
        return Kernels.paraflux_find_symbol(library, "main") != NO_LIBRARY;
    }

    /** Whether a library, or one that it depends on, has a symbol. */
    static boolean has(String library, String symbol) {
        return Kernels.paraflux_find_symbol(library, symbol) == FOUND;
    }

    /** What a loaded model said when it refused this thread's last call; null if it keeps no words. */
    static String words(String library) {
        return Kernels.paraflux_compiled_error(library);
    }

    /** Asks what may be refused, without what models print then. */
    static <T> T ask(Supplier<T> question) {
        Kernels.paraflux_set_cerr(0);
        try {
            return question.get();
        } finally {
            Kernels.paraflux_set_cerr(1);
        }
    }
}
