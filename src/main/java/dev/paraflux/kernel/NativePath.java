package dev.paraflux.kernel;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Libraries that were unpacked beforehand, into a folder of {@code java.library.path}, for example of an image whose file system
 * is read-only: JavaCPP loads them from there where {@code org.bytedeco.javacpp.pathsFirst} is true.
 */
public final class NativePath {
    private static final String FIRST = "org.bytedeco.javacpp.pathsFirst";

    private NativePath() {}

    /** Whether a library is loaded from such a folder, and need not be unpacked. */
    public static boolean comesFirst(String file) {
        String first = System.getProperty(FIRST, System.getProperty(FIRST.toLowerCase(Locale.ROOT), "false"));
        return (first.isEmpty() || first.equalsIgnoreCase("true") || first.equalsIgnoreCase("t"))
                && Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator))
                        .anyMatch(folder -> has(folder, file));
    }

    private static boolean has(String folder, String file) {
        try {
            return Files.isRegularFile(Path.of(folder, file));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
