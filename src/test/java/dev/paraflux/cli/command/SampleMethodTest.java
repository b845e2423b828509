package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.Npy;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.window.Picard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code paraflux sample --method} does. */
class SampleMethodTest {
    private static final int STEPS = 6;

    @TempDir
    private Path folder;
    private Path picture;

    @BeforeEach
    void nameFiles() {
        picture = folder.resolve("digits.png");
    }

    private CommandRun sample(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("sample", "--threads", 1, "--steps", STEPS, "--labels", "3,8",
                "--out", picture));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    private JsonNode json(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--json"));
        arguments.addAll(Arrays.asList(more));
        return new ObjectMapper().readTree(sample(arguments.toArray()).requireCode(0).output());
    }

    private float[] saved(Object... more) throws IOException {
        Path array = folder.resolve("digits.npy");
        List<Object> arguments = new ArrayList<>(List.of("--save", array));
        arguments.addAll(Arrays.asList(more));
        sample(arguments.toArray()).requireCode(0);
        return Npy.read(array).toFloats();
    }

    /** With a tolerance that only the solution meets, so that settings that change the sample would show. */
    @ParameterizedTest
    @ValueSource(strings = {"picard --pixel-tolerance 1e-4",
            "Picard --pixel-tolerance 1e-4 --window 2 --unrolling gaussian",
            "parataa --pixel-tolerance 1e-4", "parataa --pixel-tolerance 1e-4 --unrolling gaussian",
            "parataa --pixel-tolerance 1e-4 --window 3 --order 2 --history 2 --ridge 0.01 --first-guess copy",
            "PARATAA --pixel-tolerance 1e-4 --first-guess coarse", "parataa --pixel-tolerance 0 --first-guess coarse:2",
            "picard --pixel-tolerance 1e-4 --solver ddpm", "parataa --pixel-tolerance 1e-4 --eta 0.5",
            "sparse --pixel-tolerance 1e-4", "Sparse --pixel-tolerance 1e-4 --window 5 --eta 0.5",
            "sparse --pixel-tolerance 1e-4 --density 3 --theta 0.1 --kappa 4 --cap 16 --history 2",
            "srds --pixel-tolerance 0", "SRDS --pixel-tolerance 0 --blocks 3 --barrier",
            "srds --pixel-tolerance 0 --solver ddpm", "chords --pixel-tolerance 0",
            "Chords --pixel-tolerance 0 --cores 3 --eta 0.5", "chords --pixel-tolerance 0 --starts 0,0.3,0.5"})
    void everyMethodDrawsTheSequentialSample(String method) throws IOException {
        List<Object> parallel = new ArrayList<>(List.of("--method"));
        parallel.addAll(Arrays.asList(method.split(" ")));
        Object[] solver = method.contains("ddpm") ? new Object[] {"--solver", "ddpm"}
                : method.contains("eta 0.5") ? new Object[] {"--eta", "0.5"} : new Object[0];
        assertArrayEquals(saved(solver), saved(parallel.toArray()), 2e-3f);
    }

    @Test
    void jsonTellsTheMethodAndItsResidual() throws IOException {
        JsonNode sequential = json();
        assertEquals("sequential", sequential.get("method").asText());
        assertEquals(0, sequential.get("residual").asDouble());
        assertFalse(sequential.has("updates"), sequential.toString());
        JsonNode picard = json("--method", "picard", "--pixel-tolerance", 100);
        assertEquals("picard", picard.get("method").asText());
        assertTrue(picard.get("residual").asDouble() > 0, picard.toString());
        assertFalse(picard.has("updates"), picard.toString());
    }

    @Test
    void jsonCountsTheUpdatesOfParaTaa() throws IOException {
        JsonNode json = json("--method", "parataa");
        assertEquals("COMPLETED", json.get("status").asText());
        assertEquals("parataa", json.get("method").asText());
        JsonNode updates = json.get("updates");
        assertTrue(updates.get("plain").asLong() > 0, json.toString());
        assertTrue(updates.get("accelerated").asLong() > 0, json.toString());
        assertEquals(0, updates.get("indefinite").asLong());
        assertEquals(0, updates.get("nonFinite").asLong());
        assertEquals(0, json("--method", "parataa", "--history", 1).get("updates").get("accelerated").asLong());
    }

    @ParameterizedTest
    @CsvSource({"picard", "parataa", "sparse"})
    void theLimitOfRoundsMeansAPictureAndALineThatSaysSo(String method) throws IOException {
        CommandRun run = sample("--method", method, "--max-rounds", 1).requireCode(0);
        assertTrue(run.output().startsWith(picture + ": 2 samples, "), run.output());
        assertTrue(run.errors().startsWith("paraflux: 2 of 2 samples: the limit of rounds or refinements came before"),
                run.errors());
        assertEquals(1, run.errors().lines().count());
        assertTrue(Files.exists(picture));
        JsonNode json = json("--method", method, "--max-rounds", 1);
        assertEquals("ROUND_LIMIT", json.get("status").asText());
        assertTrue(json.get("residual").asDouble() > 0, json.toString());
    }

    /** To the exact sample: SRDS needs as many refinements as blocks, CHORDS one less than cores. */
    @Test
    void jsonTellsHowOftenASampleWasRefinedAndHowMuchItChanged() throws IOException {
        requireRefinements(3, json("--method", "srds", "--blocks", 3, "--pixel-tolerance", 0));
        requireRefinements(3, json("--method", "srds", "--blocks", 3, "--pixel-tolerance", 0, "--barrier"));
        requireRefinements(2, json("--method", "chords", "--cores", 3, "--pixel-tolerance", 0));
        requireRefinements(2, json("--method", "chords", "--starts", "0,0.34,0.67", "--pixel-tolerance", 0));
        JsonNode sequential = json();
        assertFalse(sequential.has("refinements"), sequential.toString());
        assertFalse(sequential.has("changePerRefinement"), sequential.toString());
    }

    private static void requireRefinements(int expected, JsonNode json) {
        assertEquals("COMPLETED", json.get("status").asText());
        assertEquals(expected, json.get("refinements").asInt(), json.toString());
        assertEquals(expected, json.get("changePerRefinement").size(), json.toString());
        assertTrue(json.get("changePerRefinement").get(0).asDouble() > 0, json.toString());
        assertEquals(0, json.get("residual").asDouble());
    }

    @Test
    void aLargerPixelToleranceTakesFewerRefinements() throws IOException {
        JsonNode json = json("--method", "srds", "--blocks", 3, "--pixel-tolerance", 255);
        assertEquals("CONVERGED", json.get("status").asText());
        assertEquals(1, json.get("refinements").asInt(), "the least that has a change to measure");
    }

    /** Pipelined, refinement p of M blocks of B steps is there after p B + M - p rounds. */
    @Test
    void aBarrierTakesMoreRounds() throws IOException {
        Object[] twice = {"--method", "srds", "--blocks", 3, "--max-refinements", 2, "--pixel-tolerance", 0};
        assertEquals(2 * 2 + 3 - 2, json(twice).get("rounds").asInt());
        Object[] waiting = Arrays.copyOf(twice, twice.length + 1);
        waiting[twice.length] = "--barrier";
        assertTrue(json(waiting).get("rounds").asInt() > 2 * 2 + 3 - 2);
    }

    @Test
    void moreCoresTakeMoreRowsARound() throws IOException {
        assertEquals(2 * STEPS, json("--method", "chords", "--cores", 1).get("evaluations").asInt(), "forward");
        JsonNode json = json("--method", "chords", "--cores", 4, "--pixel-tolerance", 0);
        assertEquals(STEPS, json.get("rounds").asInt());
        assertTrue(json.get("evaluations").asInt() > 2 * STEPS, json.toString());
    }

    @Test
    void theSentenceTellsTheRefinements() {
        String output = sample("--method", "srds", "--blocks", 3, "--pixel-tolerance", 0).requireCode(0).output();
        assertTrue(output.contains(" evaluations, 3 refinements, "), output);
        output = sample("--method", "chords", "--cores", 2, "--pixel-tolerance", 0).requireCode(0).output();
        assertTrue(output.contains(" evaluations, 1 refinement, "), output);
        assertFalse(sample().requireCode(0).output().contains("refinement"));
    }

    @ParameterizedTest
    @CsvSource({"srds --pixel-tolerance 0 --blocks 3 --max-refinements 1, 1", "chords --max-refinements 0, 0"})
    void theLimitOfRefinementsMeansAPictureAndALineThatSaysSo(String method, int refinements) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--method"));
        arguments.addAll(Arrays.asList(method.split(" ")));
        CommandRun run = sample(arguments.toArray()).requireCode(0);
        assertTrue(run.errors().startsWith("paraflux: 2 of 2 samples: the limit of rounds or refinements came before"),
                run.errors());
        assertEquals(1, run.errors().lines().count());
        assertTrue(Files.exists(picture));
        JsonNode json = json(arguments.toArray());
        assertEquals("ROUND_LIMIT", json.get("status").asText());
        assertEquals(refinements, json.get("refinements").asInt());
        assertTrue(json.get("residual").isNull(), "it is not measured: " + json);
        assertEquals(refinements, json.get("changePerRefinement").size(), json.toString());
    }

    @Test
    void aTimeLimitThatPassesBeforeAnyRoundLeavesNoResidual() throws IOException {
        CommandRun run = sample("--method", "picard", "--timeout", 1e-9, "--json").requireCode(1);
        assertTrue(new ObjectMapper().readTree(run.output()).get("residual").isNull(), run.output());
    }
}
