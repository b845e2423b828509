package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void helpNamesTheCommandsAndTheExitCodes() {
        CommandRun run = CommandRun.of("--help").requireCode(0);
        assertTrue(run.output().contains("sample   Draws"), run.output());
        assertTrue(run.output().contains("compare  Draws"), run.output());
        assertTrue(run.output().contains("doctor   Prints"), run.output());
        assertTrue(run.output().contains("130  cancelled"), run.output());
        assertEquals("", run.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample", "compare", "fit", "doctor"})
    void everyCommandHasHelpAndVersion(String command) {
        assertTrue(CommandRun.of(command, "--help").requireCode(0).output().startsWith("Usage: paraflux " + command));
        assertTrue(CommandRun.of(command, "--version").requireCode(0).output().startsWith("paraflux "));
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        CommandRun.of().requireRefusal(2, "a command is missing: sample, compare, fit or doctor");
    }

    @Test
    void anUnknownOptionIsRefusedWithASuggestion() {
        CommandRun run = CommandRun.of("sample", "--stepz=3");
        run.requireRefusal(2, "Unknown option: '--stepz=3'");
        assertTrue(run.errors().contains("--steps"), run.errors());
        assertTrue(run.errors().contains("Try 'paraflux sample --help'"), run.errors());
    }

    @Test
    void anUnknownCommandIsRefused() {
        CommandRun.of("smaple").requireRefusal(2, "'smaple'");
    }

    @Test
    void doctorFindsEverything() {
        CommandRun run = CommandRun.of("doctor").requireCode(0);
        for (String part : new String[] {"java ", "kernels ", "CUDA ", "libtorch ", "demo model  digits [1, 28, 28]",
                "libparaflux.so", "libtorch_cpu.so"}) {
            assertTrue(run.output().contains(part), () -> part + " is not in " + run.output());
        }
    }
}
