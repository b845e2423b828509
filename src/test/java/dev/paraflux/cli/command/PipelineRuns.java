package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.Npy;
import dev.paraflux.pipeline.TinyPipelines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Commands on the small pipelines of the tests, whose pictures diffusers has drawn too. */
abstract class PipelineRuns {
    static final int DIM = 4 * 8 * 8;

    @TempDir
    Path folder;

    /** A command on the smallest one. */
    static CommandRun on(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "--pipeline", TinyPipelines.path("sd")));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    /** In ten steps. */
    static CommandRun run(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("--steps", 10));
        arguments.addAll(Arrays.asList(more));
        return on(command, arguments.toArray());
    }

    CommandRun sample(String name, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("--out", folder.resolve(name + ".png"), "--save",
                folder.resolve(name + ".npy")));
        arguments.addAll(Arrays.asList(more));
        return run("sample", arguments.toArray());
    }

    float[] latents(String name) throws IOException {
        return Npy.read(folder.resolve(name + ".npy")).toFloats();
    }

    static float[] gold(String name) throws IOException {
        return Npy.read(TinyPipelines.path("sd-gold/" + name + ".latents.npy")).toFloats();
    }

    static void assertNear(float[] wanted, float[] found) {
        assertEquals(wanted.length, found.length);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], found[i], 1e-4);
        }
    }
}
