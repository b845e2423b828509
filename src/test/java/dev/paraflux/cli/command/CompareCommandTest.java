package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Cancellation;
import dev.paraflux.Status;
import dev.paraflux.cli.CommandRun;
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

/** What {@code paraflux compare} prints and draws, and what it refuses. */
class CompareCommandTest {
    private static final int STEPS = 6;

    @TempDir
    private Path folder;
    private Path strip;

    @BeforeEach
    void nameFiles() {
        strip = folder.resolve("strip.png");
    }

    private static CommandRun compare(Cancellation interrupt, Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("compare", "--threads", 1, "--steps", STEPS, "--labels", "3,8"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(interrupt, arguments.toArray());
    }

    private static CommandRun compare(Object... more) {
        return compare(new Cancellation(), more);
    }

    private static JsonNode json(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--json"));
        arguments.addAll(Arrays.asList(more));
        CommandRun run = compare(arguments.toArray()).requireCode(0);
        assertEquals(1, run.output().lines().count());
        return new ObjectMapper().readTree(run.output());
    }

    @Test
    void modelsCanBeHeldBesideOneAnother() throws IOException {
        JsonNode methods = json("--methods", "sequential", "--beside", "float32,Float32", "--precision", "FLOAT32")
                .get("methods");
        assertEquals(3, methods.size());
        assertFalse(methods.get(0).has("model"));
        for (int k = 1; k < 3; k++) {
            assertEquals(k == 1 ? "float32" : "Float32", methods.get(k).get("model").asText());
            assertEquals("sequential", methods.get(k).get("method").asText());
            assertEquals(0, methods.get(k).get("maxPixelDifference").asDouble());
        }
        String absent = compare("--methods", "sequential", "--beside", "absent.pt").requireCode(2).errors();
        assertTrue(
                absent.contains("--beside \"absent.pt\": must be a precision, float32, float16 or bfloat16, or a model"
                        + " file that is there"),
                absent);
        compare("--beside", "").requireRefusal(2, "--beside \"\": must be");
        DigitsFiles wide = DigitsFiles.copyTo(folder);
        wide.edit("[1, 28, 28]", "[1, 28, 56]");
        compare("--methods", "sequential", "--beside", wide.model()).requireRefusal(2, "--beside \"" + wide.model()
                + "\": must be a model of samples [1, 28, 28], as model digits has; it has [1, 28, 56]");
        String strips = compare("--beside", "float32", "--strip", strip).requireCode(2).errors();
        assertTrue(strips.contains("--beside [float32]: must be given without --strip, --report and --iia"), strips);
    }

    @Test
    void everyMethodAgreesWithSequentialToAPixel() throws IOException {
        JsonNode json = json("--pixel-tolerance", 1e-3);
        JsonNode methods = json.get("methods");
        assertEquals(List.of("sequential", "picard", "parataa", "sparse", "srds", "chords"),
                methods.findValuesAsText("method"));
        for (JsonNode method : methods) {
            assertTrue(Status.valueOf(method.get("status").asText()).isSolved(), method.toString());
            assertEquals(2, method.get("samples").asInt());
            assertTrue(method.get("maxPixelDifference").asDouble() < 1, method.toString());
            assertTrue(method.get("meanPixelDifference").asDouble() <= method.get("maxPixelDifference").asDouble());
            assertEquals(methods.get(0).get("seconds").asDouble() / method.get("seconds").asDouble(),
                    method.get("speedUp").asDouble(), 1e-9);
            assertTrue(method.get("rounds").asInt() <= STEPS + 1, method.toString());
        }
        assertTrue(methods.get(1).get("maxPixelDifference").asDouble() > 0, "another way of adding up");
        assertEquals(STEPS, methods.get(0).get("rounds").asInt());
        assertEquals(2 * STEPS, methods.get(0).get("evaluations").asInt());
        assertEquals(0, methods.get(0).get("maxPixelDifference").asDouble());
        assertTrue(methods.findValuesAsText("method").contains(json.get("fastest").asText()));
        assertTrue(methods.get(2).has("updates"));
        assertTrue(methods.get(3).has("updates"));
        for (int method = 0; method < 6; method++) {
            assertEquals(method > 3, methods.get(method).has("refinements"), methods.toString());
            assertEquals(method > 3, methods.get(method).has("changePerRefinement"), methods.toString());
        }
        assertFalse(json.has("strip"));
    }

    @Test
    void samplesThatAreNoPicturesAreCompared() {
        for (String name : List.of("vector", "audio")) {
            List<String> lines = CommandRun.of("compare", "--steps", 4, "--methods", "sequential,srds", "--model",
                    "src/test/resources/dev/paraflux/model/networks/" + name + ".pt").requireCode(0).output().lines()
                    .toList();
            assertTrue(lines.get(1).startsWith("sequential "), lines.get(1));
            assertTrue(lines.get(2).startsWith("srds "), lines.get(2));
        }
    }

    @Test
    void theTableHasALineForEachMethodAndTheVerdict() {
        List<String> lines = compare().requireCode(0).output().lines().toList();
        assertEquals(8, lines.size());
        assertEquals(List.of("method", "rounds", "evaluations", "seconds", "speed-up", "max", "pixel", "mean", "pixel"),
                List.of(lines.get(0).split("\\s+")));
        assertTrue(lines.get(1).matches("sequential +6 +12 +[0-9]+\\.[0-9]{3} +1\\.00 +0\\.000 +0\\.0000"),
                lines.get(1));
        assertTrue(lines.get(2).startsWith("picard "), lines.get(2));
        assertTrue(lines.get(3).startsWith("parataa "), lines.get(3));
        assertTrue(lines.get(4).startsWith("sparse "), lines.get(4));
        assertTrue(lines.get(5).startsWith("srds "), lines.get(5));
        assertTrue(lines.get(6).startsWith("chords "), lines.get(6));
        assertTrue(lines.get(7).matches("\\w+ is fastest here.*"), lines.get(7));
        for (String line : lines.subList(0, 7)) {
            assertEquals(lines.get(0).length(), line.length(), "columns stand under their headings");
        }
    }

    /** A setting goes to the methods that have it. */
    @Test
    void sequentialAlwaysComesFirstAndEveryMethodOnce() throws IOException {
        JsonNode methods = json("--methods", "parataa,picard,parataa", "--window", 1, "--order", 1).get("methods");
        assertEquals(List.of("sequential", "parataa", "picard"), methods.findValuesAsText("method"));
        assertEquals(STEPS, methods.get(2).get("rounds").asInt(), "a window of one row");
        assertEquals(List.of("sequential"),
                json("--methods", "sequential").get("methods").findValuesAsText("method"));
    }

    @Test
    void theStripSaysWhichRoundsItShows() {
        List<String> lines = compare("--strip", strip, "--strip-columns", 3, "--methods", "sequential")
                .requireCode(0).output().lines().toList();
        assertEquals(strip + ": the first sample after these rounds, a line for each method",
                lines.get(lines.size() - 2));
        assertEquals("sequential  1 4 6", lines.get(lines.size() - 1));
    }

    @Test
    void theLimitOfRoundsIsToldForEachMethod() {
        CommandRun run = compare("--methods", "picard,parataa", "--max-rounds", 1).requireCode(0);
        List<String> lines = run.errors().lines().toList();
        assertEquals(2, lines.size(), run.errors());
        assertTrue(lines.get(0).startsWith("paraflux: picard: 2 of 2 samples: the limit of rounds"), run.errors());
        assertTrue(lines.get(1).startsWith("paraflux: parataa: 2 of 2 samples: the limit of rounds"), run.errors());
        // They stopped short: what they had then was not what was asked for.
        assertTrue(run.output().contains("sequential is fastest here"), run.output());
    }

    @Test
    void cancelledMeans130AndNoStrip() {
        Cancellation interrupt = new Cancellation();
        interrupt.cancel();
        compare(interrupt, "--strip", strip).requireRefusal(130, "sequential: stopped before its first round");
        assertFalse(Files.exists(strip));
    }

    @Test
    void aPassedTimeLimitIsToldInJsonToo() throws IOException {
        CommandRun run = compare("--timeout", 1e-9, "--json").requireCode(1);
        JsonNode json = new ObjectMapper().readTree(run.output());
        assertTrue(json.get("fastest").isNull());
        assertEquals(1, json.get("methods").size());
        assertEquals("DEADLINE_PASSED", json.get("methods").get(0).get("status").asText());
        assertTrue(json.get("methods").get(0).get("maxPixelDifference").isNull());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --methods jacobi    | --methods "jacobi": must be some of sequential, picard, parataa, sparse, srds, chords
            --methods sequential --window 3 | --window is not used by --method sequential
            --methods picard --order 3 | --order is not used by --method sequential or picard; what is used: --window,
            --window 0          | window 0: must be 1 or more
            --history 9         | history 9: must be 1 to 8
            --methods picard,srds --cores 3 | --cores is not used by --method sequential or picard or srds
            --methods sequential,picard --barrier | --barrier is not used by --method sequential or picard
            --max-refinements -1 --model no.pt | --max-refinements -1: must be 0 or more
            --cores 3 --starts 0,0.5 --model no.pt | --starts [0.0, 0.5]: must be left out where --cores is given
            --strip-columns 5   | --strip-columns 5: must be given with --strip
            --strip s.png --strip-columns 1 | --strip-columns 1: must be 2 to 1000
            --strip no/s.png --model missing.pt | cannot write no/s.png
            --steps 0           | --steps 0: must be 1 or more
            --labels 10         | --labels 10: must be 0 to 9
            --timeout 0         | --timeout 0.0: must be above 0
            --out a.png         | Unknown option
            """)
    void refusals(String arguments, String message) {
        List<Object> all = new ArrayList<>(List.of("compare"));
        all.addAll(Arrays.asList(arguments.split(" ")));
        CommandRun.of(all.toArray()).requireRefusal(2, message);
    }

    /** Only the model's steps tell, and it is the last method but one: nothing is run, and nothing said, before it. */
    @Test
    void aMethodThatDoesNotSuitIsRefusedBeforeAnyIsRun() {
        System.setProperty("paraflux.terminal", "true");
        try {
            CommandRun run = compare("--blocks", STEPS + 1, "--strip", strip);
            run.requireRefusal(2, "blocks 7: must be 1 to 6, the number of the solver's steps");
            assertEquals(1, run.errors().lines().count(), run.errors());
            assertFalse(Files.exists(strip));
        } finally {
            System.clearProperty("paraflux.terminal");
        }
    }

    @Test
    void helpSaysThatEveryMethodRunsTwice() {
        String help = CommandRun.of("compare", "--help").requireCode(0).output();
        assertTrue(help.contains("Every method runs twice, and its second run is timed"), help);
    }
}
