package dev.paraflux.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example prints what its page says; the two services have tests of their own. */
class ExamplesTest {
    private static final Path SOURCES = Path.of("examples", "dev", "paraflux", "examples");

    @TempDir
    private Path folder;

    private static String page() throws IOException {
        return Files.readString(Path.of("examples", "README.md"));
    }

    /** In a virtual machine of its own, as a person starts it: no warning either. */
    @ParameterizedTest
    @ValueSource(strings = {"Three", "Circle", "CartPolicy"})
    void printsWhatItsPageSays(String example) throws IOException, InterruptedException {
        Matcher said = Pattern.compile("```output " + example + "\n(.*?)```", Pattern.DOTALL).matcher(page());
        assertTrue(said.find(), "the page says nothing of " + example);
        Path errors = folder.resolve("errors");
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                SOURCES.resolve(example + ".java").toAbsolutePath().toString())
                .directory(folder.toFile()).redirectError(errors.toFile()).redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it does not end");
        assertEquals("", Files.readString(errors));
        assertEquals(0, process.exitValue());
        assertEquals(said.group(1), Files.readString(output));
        if (example.equals("Three")) {
            assertEquals(112, ImageIO.read(folder.resolve("three.png").toFile()).getWidth());
        }
    }

    @Test
    void aServiceWhosePortIsTakenEndsInASentence() throws Exception {
        Path pipeline = Path.of(ExamplesTest.class.getResource("/dev/paraflux/pipeline/sd/model_index.json").toURI())
                .getParent();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            List<String> said = List.of("not serving at port " + port + ": Address already in use");
            assertEquals(said, new JavaProcess().run(1, ImageService.class, port));
            assertEquals(said, new JavaProcess().run(1, PromptService.class, pipeline.toString(), port));
        }
    }

    @Test
    void thePageHasThemAll() throws IOException {
        Set<String> named = Pattern.compile("\\(dev/paraflux/examples/(\\w+)\\.java\\)").matcher(page()).results()
                .map(link -> link.group(1)).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertEquals(named, files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet()));
        }
        assertEquals(5, named.size());
    }
}
