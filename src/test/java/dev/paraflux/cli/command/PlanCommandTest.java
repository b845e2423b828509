package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.PictureText;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.plan.Advice;
import dev.paraflux.plan.Candidate;
import dev.paraflux.plan.Forecast;
import dev.paraflux.plan.SamplingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        JsonValue told = JsonFile.parse(summary, "summary");
        assertEquals(plan.chosen().candidate().name(), told.get("method").text());
        assertEquals(plan.reason(), told.get("plan").get("reason").text());
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

    /** Of samples by a method and a window that a plan chose, whatever another plan would choose. */
    @Test
    void aPictureTellsTheMethodThatThePlanChose() throws IOException {
        Path file = folder.resolve("plan.json");
        CommandRun.of("plan", "--steps", 6, "--labels", 3, "--target", "energy", "--out", file).requireCode(0);
        SamplingPlan plan = SamplingPlan.read(file);
        List<Forecast> forecasts = new ArrayList<>(plan.forecasts());
        forecasts.add(new Forecast(new Candidate("parataa", 3), 4, 5, 6, 7, 8, 0, ""));
        new SamplingPlan(plan.problem(), plan.target(), plan.atOnce(), plan.maxBatch(), plan.cost(), forecasts,
                forecasts.size() - 1, Optional.empty()).write(file);
        Path first = folder.resolve("first.png");
        Path again = folder.resolve("again.png");
        Path other = folder.resolve("other.png");
        String output = CommandRun.of("sample", "--steps", 6, "--labels", 3, "--plan", file, "--out", first)
                .requireCode(0).output();
        assertTrue(output.startsWith("parataa, window 3 takes the fewest model rows here"), output);
        String json = CommandRun.of("sample", "--like", first, "--out", again, "--json").requireCode(0).output();
        assertEquals("parataa", JsonFile.parse(json, "json").get("method").text());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(again));
        assertTrue(PictureText.read(first, "paraflux").orElseThrow().contains("\"--window\":\"3\""));
        CommandRun
                .of("sample", "--steps", 6, "--labels", 3, "--method", "picard", "--unrolling", "drift", "--out", other)
                .requireCode(0);
        CommandRun.of("sample", "--like", other, "--plan", file, "--out", other).requireCode(0);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(other));
    }

    @Test
    void aPlanThatIsCancelledLeavesNothing() {
        Cancellation interrupt = new Cancellation();
        interrupt.cancel();
        Path picture = folder.resolve("a.png");
        Path file = folder.resolve("plan.json");
        for (CommandRun run : List.of(
                CommandRun.of(interrupt, "sample", "--steps", 6, "--method", "auto", "--out", picture, "--json"),
                CommandRun.of(interrupt, "plan", "--steps", 6, "--out", file, "--json"))) {
            assertEquals(130, run.code());
            assertEquals("{\"status\":\"CANCELLED\"}", run.output().strip());
            assertEquals("paraflux: the plan was cancelled while the model was measured", run.errors().strip());
        }
        assertFalse(Files.exists(picture) || Files.exists(file));
    }

    @Test
    void aTimeoutIsForWhatComesAfterThePlan() {
        Path picture = folder.resolve("a.png");
        CommandRun run = CommandRun.of("sample", "--steps", 6, "--labels", 3, "--method", "auto", "--timeout", 1e-9,
                "--out", picture).requireCode(1);
        assertTrue(run.output().contains(" is fastest here: a sample of 6 steps takes "), run.output());
        assertTrue(run.errors().startsWith("paraflux: stopped "), run.errors());
        assertFalse(Files.exists(picture));
    }

    @Test
    void whatCannotBeTogetherIsRefusedBeforeAnyWork() {
        refused("--method srds: must be left out where --plan is given", "sample", "--plan",
                folder.resolve("plan.json"), "--method", "srds");
        refused("--window is not used by --method auto", "sample", "--method", "auto", "--window", 5);
        refused("--window is not used by --plan plan.json", "sample", "--plan", "plan.json", "--window", 5);
        refused("--plan", "sample", "--plan", folder.resolve("none.json"));
        refused("--max-memory", "plan", "--max-memory", 0);
        refused("--max-memory 1.0E-4: must be ", "plan", "--max-memory", 0.0001, "--steps", 4);
        refused("--max-distance", "plan", "--max-distance", 256);
        refused("--out", "plan", "--out", folder.resolve("plan.png"));
    }

    private static void refused(String begin, Object... arguments) {
        CommandRun run = CommandRun.of(arguments).requireCode(2);
        assertTrue(run.errors().startsWith("paraflux: " + begin), run.errors());
        assertEquals("", run.output());
    }

    /** What is advised can be asked for, and is what is drawn where it may be taken. */
    @Test
    void otherStepsAreAdvisedAndTakenWhereTheyMayBe() throws IOException {
        Path file = folder.resolve("plan.json");
        String said = CommandRun.of("plan", "--steps", 20, "--labels", 3, "--target", "energy", "--other-steps", "take",
                "--out", file).requireCode(0).output();
        Advice advice = SamplingPlan.read(file).advice().orElseThrow();
        assertTrue(advice.taken(), said);
        assertTrue(said.lines().reduce((first, last) -> last).orElseThrow().startsWith(advice.name() + " takes "),
                said);
        Path planned = folder.resolve("planned.png");
        Path asked = folder.resolve("asked.png");
        Path again = folder.resolve("again.png");
        String told = CommandRun.of("sample", "--steps", 20, "--labels", 3, "--plan", file, "--out", planned, "--json")
                .requireCode(0).output();
        JsonValue json = JsonFile.parse(told, "told");
        assertEquals(advice.problem().steps(), json.get("rounds").integer());
        assertTrue(json.get("plan").get("otherSteps").get("taken").flag());
        CommandRun.of("sample", "--labels", 3, "--solver", advice.name(), "--steps", advice.problem().steps(),
                "--method", "sequential", "--out",
                asked).requireCode(0);
        CommandRun.of("sample", "--like", planned, "--out", again).requireCode(0);
        assertArrayEquals(Files.readAllBytes(planned), Files.readAllBytes(again));
        assertEquals(PictureText.read(asked, "paraflux"), PictureText.read(planned, "paraflux"));
        CommandRun refused = CommandRun.of("sample", "--steps", 30, "--labels", 3, "--plan", file, "--out", again)
                .requireCode(2);
        assertTrue(refused.errors().contains("number of steps 30: must be 20"), refused.errors());
        String advised = CommandRun.of("plan", "--steps", 20, "--labels", 3, "--target", "energy").requireCode(0)
                .output();
        assertTrue(advised.contains(" " + advice.steps() + " end as near to fine steps as these 20 "), advised);
        String none = CommandRun.of("plan", "--steps", 6, "--labels", 3, "--target", "energy", "--other-steps", "no")
                .requireCode(0).output();
        assertFalse(none.contains("fine steps"), none);
    }
}
