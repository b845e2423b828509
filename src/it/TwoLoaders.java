import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Draws from two class loaders that both load the library, as two applications of one server do. */
public class TwoLoaders {
    public static void main(String[] arguments) throws Exception {
        URL[] jars = jars(Path.of(arguments[0]));
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        List<URLClassLoader> loaders = new ArrayList<>();
        for (String name : new String[] {"first", "second"}) {
            URLClassLoader loader = new URLClassLoader(name, jars, platform);
            loaders.add(loader);
            Object said = loader.loadClass("consumer.Draw").getMethod("draw", Path.class).invoke(null,
                    Path.of(arguments[1]));
            System.out.println(said);
        }
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    private static URL[] jars(Path folder) throws IOException {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                jars.add(file.toUri().toURL());
            }
        }
        return jars.toArray(URL[]::new);
    }
}
