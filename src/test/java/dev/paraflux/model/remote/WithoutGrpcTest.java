package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.cli.Main;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Its jars are optional: whoever has no other machines does not miss them, and whoever has is told what to add. */
class WithoutGrpcTest {
    @TempDir
    private Path folder;

    private List<String> run(int code, String... arguments) throws Exception {
        return new JavaProcess().without("grpc").run(code, Main.class, arguments);
    }

    @Test
    void samplesAreDrawnWithoutIt() throws Exception {
        run(0, "sample", "--steps", "2", "--labels", "1", "--out", folder.resolve("a.png").toString());
    }

    @Test
    void whoeverNeedsItIsToldWhatToAdd() throws Exception {
        for (List<String> lines : List.of(
                run(1, "sample", "--workers", "localhost:8001", "--out", folder.resolve("b.png").toString()),
                run(1, "worker", "--listen", "localhost:0"))) {
            assertEquals(1, lines.size(), lines.toString());
            assertTrue(lines.get(0).startsWith(
                    "paraflux: models on other machines are reached by gRPC, which is not on the class path: add "),
                    lines.get(0));
            assertTrue(lines.get(0).endsWith(", which dev.paraflux:paraflux-remote brings"), lines.get(0));
        }
    }
}
