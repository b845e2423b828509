package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What {@code paraflux sample} refuses: always exit code 2, the value and what is legal, and no file. */
abstract class SampleRefusals {
    @TempDir
    Path folder;
    @TempDir
    Path inputs;

    void requireRefusal(List<Object> arguments, String... parts) {
        List<Object> all = new ArrayList<>(List.of("sample"));
        if (!arguments.contains("--steps")) {
            all.addAll(List.of("--steps", 2));
        }
        if (!arguments.contains("--out")) {
            all.addAll(List.of("--out", folder.resolve("samples.png")));
        }
        all.addAll(arguments);
        CommandRun.of(all.toArray()).requireRefusal(2, parts);
    }

    @AfterEach
    void nothingIsWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
