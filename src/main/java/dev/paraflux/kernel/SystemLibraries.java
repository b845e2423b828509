package dev.paraflux.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/** Native libraries that are the system's: which of them its loader finds, and which this process has loaded. */
public final class SystemLibraries {
    private static final Path MAPS = Path.of("/proc/self/maps");
    /** A mapping of code, and the file that it comes from. */
    private static final Pattern CODE = Pattern.compile("^\\S+ ..x. [^/]*(/.*)$");

    private SystemLibraries() {}

    /**
     * The names of what cannot be loaded, of a list in which each comes behind what it needs itself. The others are loaded, for
     * whoever names them later.
     *
     * @param folders where they are looked for, each with a slash at its end; empty for where the system's loader looks
     */
    public static List<String> missing(List<String> names, List<String> folders) {
        return names.stream().filter(name -> folders.stream().noneMatch(folder -> loads(folder + name))).toList();
    }

    private static boolean loads(String file) {
        try {
            Loader.loadGlobal(file);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /**
     * The file of a library that is loaded.
     *
     * @param name how its file's name begins, for example {@code libcudnn.so.9}
     * @return empty if it is not loaded, or where that cannot be told
     */
    public static Optional<Path> loaded(String name) {
        return loaded().stream().filter(file -> file.getFileName().toString().startsWith(name)).findFirst();
    }

    /** The files of all libraries that are loaded, by name; none where that cannot be told. */
    public static SortedSet<Path> loaded() {
        try (Stream<String> lines = Files.lines(MAPS)) {
            return lines.map(CODE::matcher).filter(Matcher::find).map(found -> Path.of(found.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }
}
