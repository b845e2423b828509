package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ONNX Runtime says when it fails, without its codes and the places in its own source. */
final class OnnxWords {
    private static final int MOST = 400;
    private static final Pattern CODE = Pattern.compile("^Error code - \\w+ - message: ");
    private static final Pattern SOURCE = Pattern
            .compile("(?:/\\S*)?/?onnxruntime(?:_src)?/\\S+\\.(?:cc|h):\\d+ (?:onnxruntime::)?\\S.*?\\) ?");

    private static final String ADVICE = "Please fix either the inputs/outputs or the model.";

    private OnnxWords() {}

    /** One line. */
    static String of(OrtException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher code = CODE.matcher(text);
        text = code.find() ? text.substring(code.end()) : text;
        text = SOURCE.matcher(text).replaceAll("").replace(ADVICE, "").strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        if (text.isEmpty() || text.contains("std::bad_alloc") || text.contains("Failed to allocate memory")) {
            return text.isEmpty() ? "it gives no reason" : "there is not enough memory";
        }
        return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }

    /** As a failure that a model's can keep for developers. */
    static RuntimeException told(OrtException failure) {
        return new IllegalStateException(failure.getMessage(), failure);
    }
}
