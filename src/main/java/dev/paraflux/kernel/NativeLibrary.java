package dev.paraflux.kernel;

import dev.paraflux.check.Reason;
import dev.paraflux.thread.Apart;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Loads {@code libparaflux} once and says in words what is wrong where it cannot be loaded. */
public final class NativeLibrary {
    private static final String OTHER_VERSION = "it has interface version ";
    private static final String SYSTEMS = "Linux on x86-64 and on 64-bit ARM";
    private static final Throwable FAILURE = tryToLoad();

    private NativeLibrary() {}

    /**
     * Makes sure that the functions of {@link Kernels} can be called.
     *
     * @throws IllegalStateException if the library cannot be loaded, with the cause and what to do
     */
    public static void require() {
        if (FAILURE != null) {
            String reason = Reason.of(FAILURE).replaceFirst("\\.$", "");
            throw new IllegalStateException("libparaflux cannot be loaded for " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch") + ": " + reason + cure(reason), FAILURE);
        }
    }

    /** What to do about a library that could not be loaded, of this project or another, as its reason suggests. */
    public static String cure(String reason) {
        if (reason.contains("native access") || reason.contains("llegal native")) {
            return ". Start Java with " + NativeAccess.option();
        }
        if (reason.contains("native thread")) {
            return ". What limits threads is ulimit -u, or the container's number of processes";
        }
        if (reason.contains("no jniKernels in ") || reason.contains("no paraflux in ")) {
            return absent(System.getProperty("os.name"), System.getProperty("os.arch"));
        }
        if (reason.contains(OTHER_VERSION)) {
            return ". Another build of them was loaded: an older one may be left in " + CacheFolder.words()
                    + "; delete what is called paraflux there";
        }
        return ". Native libraries are unpacked into " + CacheFolder.words() + ", and loaded from there: it must be"
                + " writable, have 450 MB free, and not be mounted noexec. -Dorg.bytedeco.javacpp.cachedir names another"
                + " one. Paraflux has them for " + SYSTEMS;
    }

    /** What to do where there is no library at all. Not asked of JavaCPP, which may be what is missing. */
    static String absent(String system, String architecture) {
        boolean arm = architecture.equals("aarch64");
        if (!system.equals("Linux") || !arm && !architecture.equals("amd64")) {
            return ". There are none for this system, but for " + SYSTEMS
                    + ": a container of that, or a virtual machine, is"
                    + " where it runs";
        }
        return ". The jar with these libraries is not there: it is dev.paraflux:paraflux with the classifier "
                + (arm ? "linux-arm64"
                        : "linux-x86_64, which dev.paraflux:paraflux-platform brings (on the module path, requires"
                                + " dev.paraflux.platform)");
    }

    private static Throwable tryToLoad() {
        try {
            String refusal = CacheFolder.refusal();
            if (!refusal.isEmpty()) {
                return new UnsatisfiedLinkError(refusal);
            }
            Apart.call("paraflux-natives", 0, new JavaCpp());
            int found = Kernels.paraflux_interface_version();
            if (found != Kernels.PARAFLUX_INTERFACE_VERSION) {
                return new UnsatisfiedLinkError(OTHER_VERSION + found + ", these classes need "
                        + Kernels.PARAFLUX_INTERFACE_VERSION);
            }
            return null;
            // JavaCPP throws an IllegalCallerException without native access, and OutOfMemoryError at a limit of its own.
        } catch (LinkageError | RuntimeException | OutOfMemoryError e) {
            return e;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** JavaCPP's first class begins a thread, which lasts. */
    private static final class JavaCpp implements Callable<Class<?>> {
        @Override
        public Class<?> call() throws ClassNotFoundException {
            return Class.forName("org.bytedeco.javacpp.Pointer", true, NativeLibrary.class.getClassLoader());
        }
    }
}
