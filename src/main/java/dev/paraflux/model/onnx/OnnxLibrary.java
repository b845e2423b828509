package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.paraflux.check.Reason;

/** Loads ONNX Runtime, which is there only where someone has put it on the class path. */
final class OnnxLibrary {
    private static final String JAR = "com.microsoft.onnxruntime:onnxruntime:1.29.0";

    private OnnxLibrary() {}

    /** What a process has one of. Loaded when it is first needed, since it cannot be where the jar is missing. */
    private static final class Loaded {
        static final OrtEnvironment ENVIRONMENT = open();

        private static OrtEnvironment open() {
            // What ONNX Runtime finds strange it writes to the error stream, in colours; what fails is an exception.
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                    "paraflux");
            try {
                environment.setTelemetry(false);
            } catch (OrtException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            return environment;
        }
    }

    /**
     * Makes sure that ONNX Runtime is loaded; the first call unpacks it, which takes a second.
     *
     * @throws IllegalStateException if it is missing, or cannot be loaded
     */
    static void require() {
        try {
            Class.forName("ai.onnxruntime.OrtEnvironment", false, OnnxLibrary.class.getClassLoader());
            environment();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("ONNX models are run by ONNX Runtime, which is not on the class path: add "
                    + JAR + ", which is an optional dependency", e);
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException("ONNX Runtime (" + JAR + ") cannot be loaded: " + Reason.of(e)
                    + ". It is unpacked into the folder that -Djava.io.tmpdir names, "
                    + System.getProperty("java.io.tmpdir") + ": it must be there, writable, and not mounted noexec", e);
        }
    }

    static OrtEnvironment environment() {
        return Loaded.ENVIRONMENT;
    }

    /** Version of ONNX Runtime, for example {@code 1.29.0}. */
    static String version() {
        return environment().getVersion();
    }
}
