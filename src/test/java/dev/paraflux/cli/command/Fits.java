package dev.paraflux.cli.command;

import dev.paraflux.cli.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fits of the demo model that take seconds. */
final class Fits {
    static final int STEPS = 3;

    private Fits() {}

    /** Three steps of DDIM, unless these options say otherwise. */
    static List<Object> arguments(Path file, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("fit", "--out", file));
        List<Object> small = List.of("--threads", 1, "--steps", STEPS, "--fine", 3, "--samples", 6, "--held-out", 4,
                "--batch", 4);
        for (int i = 0; i < small.size(); i += 2) {
            if (!Arrays.asList(more).contains(small.get(i))) {
                arguments.addAll(small.subList(i, i + 2));
            }
        }
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    static CommandRun fit(Path file, Object... more) {
        return CommandRun.of(arguments(file, more).toArray());
    }
}
