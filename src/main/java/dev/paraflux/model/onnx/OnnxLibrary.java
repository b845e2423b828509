package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.paraflux.check.Reason;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;
import dev.paraflux.kernel.SystemLibraries;
import dev.paraflux.thread.Apart;
import java.io.File;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Loads ONNX Runtime, which is there only where someone has put it on the class path. */
final class OnnxLibrary {
    private static final String JAR = "com.microsoft.onnxruntime:onnxruntime:1.29.0";
    /** Names the folder of libraries that were unpacked beforehand, to ONNX Runtime. */
    static final String FOLDER = "onnxruntime.native.path";
    /** It begins with what takes half a megabyte, and more where the command line is long; pages not touched take none. */
    private static final long STACK_BYTES = 1 << 26;
    private static final String THREAD = "paraflux-onnx";
    private static final IllegalStateException FAILURE = tryToLoad();

    private OnnxLibrary() {}

    /** What a process has one of, in a class of its own, which cannot be loaded where the jar is missing. */
    private static final class Loaded {
        static final OrtEnvironment ENVIRONMENT = inRoom(new Opening());
    }

    /** It has a shutdown hook, and is begun apart for that too. */
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
        try {
            return Apart.call(THREAD, STACK_BYTES, work);
        } catch (ExecutionException e) {
            throw new IllegalStateException(Reason.of(e.getCause()), e.getCause());
        }
    }

    /** A thread that serves whoever uses models, and keeps nothing of the first of them. */
    static Thread thread(Runnable task) {
        return Apart.thread(task, THREAD, 0);
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
            emptyFolderAtExit();
            return null;
        } catch (ClassNotFoundException e) {
            return new IllegalStateException("ONNX models are run by ONNX Runtime, which is not on the class path: add "
                    + JAR + ", which dev.paraflux:paraflux-onnx brings", e);
        } catch (LinkageError | RuntimeException | OutOfMemoryError e) {
            String reason = Reason.of(e);
            return new IllegalStateException("ONNX Runtime (" + JAR + ") cannot be loaded: " + reason
                    + (reason.contains("libparaflux") ? "" : cure(reason)), e);
        }
    }

    /**
     * At its end the virtual machine deletes what was named last first. ONNX Runtime names the folder that it unpacks into behind
     * the files in it, so that it stayed: the files are named again, in other words, and go before it.
     */
    private static void emptyFolderAtExit() {
        SystemLibraries.loaded("libonnxruntime").map(Path::getParent)
                .filter(folder -> System.getProperty(FOLDER) == null
                        && folder.getFileName().toString().startsWith("onnxruntime-java"))
                .map(Path::toFile).ifPresent(folder -> {
                    for (String name : Objects.requireNonNullElse(folder.list(), new String[0])) {
                        new File(folder, "./" + name).deleteOnExit();
                    }
                });
    }

    private static String cure(String reason) {
        if (reason.contains("native thread")) {
            return NativeLibrary.cure(reason);
        }
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
