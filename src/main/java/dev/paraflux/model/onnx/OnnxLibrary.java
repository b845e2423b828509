package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.paraflux.check.Reason;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Loads ONNX Runtime, which is there only where someone has put it on the class path. */
final class OnnxLibrary {
    private static final String JAR = "com.microsoft.onnxruntime:onnxruntime:1.29.0";
    /** Names the folder of libraries that were unpacked beforehand, to ONNX Runtime. */
    static final String FOLDER = "onnxruntime.native.path";
    /** It begins with what takes half a megabyte, and more where the command line is long; pages not touched take none. */
    private static final long STACK_BYTES = 1 << 26;
    private static final IllegalStateException FAILURE = tryToLoad();

    private OnnxLibrary() {}

    /** What a process has one of, in a class of its own, which cannot be loaded where the jar is missing. */
    private static final class Loaded {
        static final OrtEnvironment ENVIRONMENT = inRoom(new Opening());
    }

    private static final class Opening implements Callable<OrtEnvironment> {
        @Override
        public OrtEnvironment call() throws OrtException {
            // What ONNX Runtime finds strange it writes to the error stream, in colours; what fails is an exception.
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                    "paraflux");
            environment.setTelemetry(false);
            return environment;
        }
    }

    /** Does what needs more stack than threads have by default, and would end the virtual machine without. */
    static <T> T inRoom(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "paraflux-onnx", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(Reason.of(e.getCause()), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Makes sure that ONNX Runtime is loaded; the first call unpacks it, which takes a second.
     *
     * @throws IllegalStateException if it is missing, or cannot be loaded, with the cause
     */
    static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException(FAILURE.getMessage(), FAILURE.getCause());
        }
    }

    private static IllegalStateException tryToLoad() {
        try {
            Class.forName("ai.onnxruntime.OrtEnvironment", false, OnnxLibrary.class.getClassLoader());
            NativeLibrary.require();
            // Its own switch comes too late: it tells of the process, and makes files, as the environment begins.
            Kernels.paraflux_refuse_telemetry();
            environment();
            return null;
        } catch (ClassNotFoundException e) {
            return new IllegalStateException("ONNX models are run by ONNX Runtime, which is not on the class path: add "
                    + JAR + ", which dev.paraflux:paraflux-onnx brings", e);
        } catch (LinkageError | RuntimeException e) {
            String reason = Reason.of(e);
            return new IllegalStateException("ONNX Runtime (" + JAR + ") cannot be loaded: " + reason
                    + (reason.contains("libparaflux") ? "" : cure()), e);
        }
    }

    private static String cure() {
        String folder = System.getProperty(FOLDER);
        return folder != null
                ? ". It is loaded from the folder that -D" + FOLDER + " names, " + folder + ", which must have the"
                        + " libraries of this jar"
                : ". It is unpacked into the folder that -Djava.io.tmpdir names, "
                        + System.getProperty("java.io.tmpdir")
                        + ": it must be there, writable, and not mounted noexec";
    }

    static OrtEnvironment environment() {
        return Loaded.ENVIRONMENT;
    }

    /** Version of ONNX Runtime, for example {@code 1.29.0}. */
    static String version() {
        return environment().getVersion();
    }
}
