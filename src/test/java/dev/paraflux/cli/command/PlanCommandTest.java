package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.plan.Candidate;
import dev.paraflux.plan.SamplingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
    @TempDir
    Path folder;

    @Test
    void itTellsWhatCallsTakeEveryMethodAndTheChoice() {
        String output = CommandRun.of("plan", "--steps", 9, "--labels", 3).requireCode(0).output();
        List<String> lines = output.lines().toList();
        assertTrue(lines.get(0).matches("a call of the model takes .* for 1 row, .* for 2 rows, .* for 9 rows"),
                output);
        for (String method : Candidate.NAMES) {
            assertEquals(1, lines.stream().filter(line -> line.startsWith(method + "  ")).count(), output);
        }
        assertTrue(lines.get(lines.size() - 1).matches("\\w+.* is fastest here: a sample of 9 steps takes .*\\."),
                output);
    }

    @Test
    void theSavedPlanIsTakenBySampleAndRefusedForOtherSteps() throws IOException {
        Path file = folder.resolve("plan.json");
        JsonValue printed = JsonFile
                .parse(CommandRun.of("plan", "--steps", 6, "--labels", "3,4", "--out", file, "--json")
                        .requireCode(0).output(), "output");
        SamplingPlan plan = SamplingPlan.read(file);
        assertEquals(plan.chosen().candidate().name(), printed.get("method").text());
        assertEquals(2, plan.atOnce());
        assertEquals(plan.chosen().seconds(),
                printed.get("plan").get("forecasts").list().get(plan.choice()).get("seconds")
                        .number());
        Path picture = folder.resolve("a.png");
        String summary = CommandRun
                .of("sample", "--steps", 6, "--labels", 3, "--plan", file, "--out", picture, "--json")
                .requireCode(0).output();
        assertEquals(plan.chosen().candidate().name(), JsonFile.parse(summary, "summary").get("method").text());
        Files.delete(picture);
        for (Object[] others : new Object[][] {{"--steps", 7}, {"--steps", 6, "--guidance", 3},
                {"--steps", 6, "--solver", "heun"}}) {
            Object[] arguments = new Object[others.length + 6];
            System.arraycopy(new Object[] {"sample", "--plan", file, "--out", picture, "--json"}, 0, arguments, 0, 6);
            System.arraycopy(others, 0, arguments, 6, others.length);
            CommandRun run = CommandRun.of(arguments).requireCode(2);
            assertTrue(run.errors().contains("as when the plan was made: make another one"), run.errors());
            assertFalse(Files.exists(picture));
        }
    }

    @Test
    void autoMakesThePlanAndSaysWhatItChose() {
        Path picture = folder.resolve("a.png");
        String output = CommandRun.of("sample", "--steps", 6, "--labels", 3, "--method", "auto", "--out", picture)
                .requireCode(0).output();
        assertTrue(output.lines().findFirst().orElseThrow().contains(" is fastest here: a sample of 6 steps takes "),
                output);
        assertTrue(Files.exists(picture));
    }

    @Test
    void whatCannotBeTogetherIsRefusedBeforeAnyWork() {
        refused("--method", "sample", "--plan", folder.resolve("plan.json"), "--method", "srds");
        refused("--window is not used by --method sequential", "sample", "--method", "auto", "--window", 5);
        refused("--plan", "sample", "--plan", folder.resolve("none.json"));
        refused("--max-memory", "plan", "--max-memory", 0);
        refused("--max-distance", "plan", "--max-distance", 256);
        refused("--out", "plan", "--out", folder.resolve("plan.png"));
    }

    private static void refused(String begin, Object... arguments) {
        CommandRun run = CommandRun.of(arguments).requireCode(2);
        assertTrue(run.errors().startsWith("paraflux: " + begin), run.errors());
        assertEquals("", run.output());
    }
}
