package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ONNX Runtime says when it fails, without its codes and the places in its own source. */
final class OnnxWords {
    private static final int MOST = 400;
    private static final String NOT_UNPACKED = "Failed to find CUDA shared provider";
    private static final Pattern CODE = Pattern.compile("^Error code - \\w+ - message: ");
    private static final Pattern SOURCE = Pattern
            .compile(
                    "(?:/\\S*)?/?onnxruntime(?:_src)?/\\S+\\.(?:cc|h):\\d+ (?:onnxruntime::)?\\S.*?\\) ?(?:\\[with [^\\]]*\\] ?)?"
                            + "|\\S+\\.h:\\d+ \\w+ ");

    /** What no reader can use, behind the name of what failed. */
    private static final Pattern CALL = Pattern
            .compile(" ; GPU=-?\\d+ ; hostname=\\S* ; file=\\S* ; line=\\d+ ; expr=[^;]*;? ?");
    private static final Pattern STATUS = Pattern.compile("\\[ONNXRuntimeError\\] : \\d+ : \\w+ : ");
    private static final List<String> OF_MEMORY = List.of("std::bad_alloc", "Failed to allocate memory",
            "CUDA failure 2: ", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED");
    private static final List<String> OF_DEVICE = List.of("CUDA failure ", "CUBLAS failure ", "CUDNN failure ",
            "CUDNN_FE failure ", "cuDNN is ");

    private static final String ADVICE = "Please fix either the inputs/outputs or the model.";

    private OnnxWords() {}

    /** One line. */
    static String of(OrtException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher code = CODE.matcher(text);
        text = code.find() ? text.substring(code.end()) : text;
        text = SOURCE.matcher(text).replaceAll("");
        text = STATUS.matcher(CALL.matcher(text).replaceAll("")).replaceAll("").replace(ADVICE, "").strip()
                .replaceAll("[\\s\\p{Cntrl}]+", " ");
        if (text.isEmpty() || areOfMemory(failure)) {
            return text.isEmpty() ? "it gives no reason" : "there is not enough memory";
        }
        if (text.equals(NOT_UNPACKED)) {
            return "its provider for CUDA cannot be unpacked into the folder that -Djava.io.tmpdir names, "
                    + System.getProperty("java.io.tmpdir") + ": it takes 600 MB there";
        }
        if (text.contains("undefined symbol")) {
            text += ": what the system's loader finds is older than ONNX Runtime takes; put CUDA 12.9 or a later CUDA 12,"
                    + " and its cuDNN, first in LD_LIBRARY_PATH";
        }
        return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }

    /** Whether there was too little memory, the host's or a device's. */
    static boolean areOfMemory(OrtException failure) {
        return OF_MEMORY.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
    }

    /** Whether it is the doing of a device, or of its libraries, and of no graph. */
    static boolean areOfDevice(OrtException failure) {
        return OF_DEVICE.stream().anyMatch(String.valueOf(failure.getMessage())::contains);
    }

    /** What is told of a file that cannot be run. */
    static IOException refusal(Path file, OnnxTarget target, OrtException failure) {
        IOException refusal = new IOException("model file " + file + " is not a graph that " + target + " can run: "
                + of(failure));
        refusal.addSuppressed(told(failure));
        return refusal;
    }

    /** As a failure that a model's can keep for developers. */
    static RuntimeException told(OrtException failure) {
        return new IllegalStateException(failure.getMessage(), failure);
    }
}
