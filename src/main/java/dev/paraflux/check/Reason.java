package dev.paraflux.check;

import java.io.EOFException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Why something failed, in words for a message: what the chain of causes says, and never "null". */
public final class Reason {
    /** A chain that goes round would not end. */
    private static final int MOST_CAUSES = 16;

    private Reason() {}

    /**
     * What a failure and its causes say, from the outermost inwards, each thing once. A cause without words of its own is
     * named by its class.
     */
    public static String of(Throwable failure) {
        List<String> told = new ArrayList<>();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            String words = words(cause);
            if (words != null && told.stream().noneMatch(known -> known.contains(words))) {
                told.add(words);
            }
        }
        return told.isEmpty() ? failure.getClass().getSimpleName() : String.join(": ", told);
    }

    private static String words(Throwable failure) {
        if (failure instanceof FileSystemException file) {
            return file.getFile() == null ? reason(file) : file.getFile() + ": " + reason(file);
        }
        if (failure instanceof EOFException && failure.getMessage() == null) {
            return "it ends too early";
        }
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return null;
        }
        // A throwable made of its cause repeats it, class and all.
        Throwable cause = failure.getCause();
        return cause != null && message.equals(cause.toString()) ? null : message;
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
    }
}
