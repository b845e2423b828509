package dev.paraflux.kernel;

import dev.paraflux.check.Reason;

/** Loads {@code libparaflux} once and says in words what is wrong where it cannot be loaded. */
public final class NativeLibrary {
    private static final LinkageError FAILURE = tryToLoad();

    private NativeLibrary() {}

    /**
     * Makes sure that the functions of {@link Kernels} can be called.
     *
     * @throws IllegalStateException if the library cannot be loaded, with the cause and what to do
     */
    public static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException("libparaflux cannot be loaded for " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch") + ": " + Reason.of(FAILURE)
                    + ". Paraflux ships it for Linux on x86-64; if java.io.tmpdir or the home folder is mounted noexec,"
                    + " name another folder with -Dorg.bytedeco.javacpp.cachedir=FOLDER", FAILURE);
        }
    }

    private static LinkageError tryToLoad() {
        try {
            int found = Kernels.paraflux_interface_version();
            if (found != Kernels.PARAFLUX_INTERFACE_VERSION) {
                return new UnsatisfiedLinkError("it has interface version " + found + ", these classes need "
                        + Kernels.PARAFLUX_INTERFACE_VERSION);
            }
            return null;
        } catch (LinkageError e) {
            return e;
        }
    }
}
