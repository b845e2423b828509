package dev.paraflux.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * The folder that JavaCPP unpacks libraries into, and loads them from. Where the home folder cannot be written it takes one
 * of a known name in the temporary folder, which anybody may have made before, with libraries of his own in it.
 */
final class CacheFolder {
    private static final int OTHERS_WRITE = 2;

    private CacheFolder() {}

    /** Why what lies in the folder is not to be loaded; empty if it may be, or if nobody can tell. */
    static String refusal() {
        try {
            return refusal(Loader.getCacheDir().toPath(), Path.of(System.getProperty("java.io.tmpdir")).toRealPath());
        } catch (IOException | UnsupportedOperationException e) {
            // That there is none, or no such system, shows when a library is loaded.
            return "";
        }
    }

    /** Which folder it is, in words. */
    static String words() {
        try {
            return Loader.getCacheDir().toString();
        } catch (IOException | LinkageError e) {
            // There is none, or no JavaCPP: what it would take first.
            return "~/.javacpp/cache";
        }
    }

    /** @param temporary the folder that everybody may write into; a cache anywhere else was chosen */
    static String refusal(Path cache, Path temporary) throws IOException {
        if (cache.getParent() == null || !temporary.equals(cache.getParent().getParent())
                || !cache.getParent().getFileName().toString().startsWith(".javacpp-")) {
            return "";
        }
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        for (Path folder : List.of(cache.getParent(), cache)) {
            if (!user.equals(Files.getAttribute(folder, "unix:uid"))
                    || ((int) Files.getAttribute(folder, "unix:mode") & OTHERS_WRITE) != 0) {
                return "others than this user can write into " + folder + ", and libraries are loaded from there";
            }
        }
        return "";
    }
}
