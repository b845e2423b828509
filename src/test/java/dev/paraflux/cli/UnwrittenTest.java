package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What could be written when a command began and cannot be when it is done, as on a disk that is full by then. */
class UnwrittenTest {
    @TempDir
    private Path folder;

    /** A script that asked for JSON gets an object, and why in it. */
    @ParameterizedTest
    @ValueSource(strings = {"sample --labels 3 --out FILE.png",
            "compare --labels 3 --methods sequential --strip FILE.png",
            "plan --labels 3 --out FILE.json", "fit --fine 2 --samples 4 --held-out 4 --out FILE.json"})
    void itIsAFailureThatJsonTellsToo(String words) throws Exception {
        String file = folder.resolve("a").toString();
        String why = "cannot write " + file + words.substring(words.lastIndexOf('.')) + ": File too large";
        assertEquals(List.of("paraflux: " + why, "{\"status\":\"FAILED\",\"message\":\"" + why + "\"}", "1"),
                run(words.replace("FILE", "'" + file + "'") + " --steps 1 --json"));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** What is printed, and the exit code, of a process that can make files and write nothing into them. */
    private static List<String> run(String words) throws Exception {
        Path model = Path.of(Main.class.getResource("/dev/paraflux/demo/digits.pt").toURI());
        Process process = new ProcessBuilder("sh", "-c", "ulimit -f 0; '"
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:-UsePerfData --enable-native-access=ALL-UNNAMED -cp '" + System.getProperty("java.class.path")
                + "' " + Main.class.getName() + " " + words + " --model '" + model + "'; echo $?")
                .redirectErrorStream(true).start();
        return process.inputReader().lines().toList();
    }
}
