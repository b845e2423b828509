package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Cancellation;
import dev.paraflux.cli.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paraflux compare --iia}: fine, plain and corrected steps. */
class CompareIiaTest {
    /** A cell of the strip and the gap beside it, and beside all the names: corrected has nine letters. */
    private static final int CELL = 56 + 2;
    private static final int LEFT = 106 + 8;

    @TempDir
    private static Path inputs;
    private static Path ddim;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fit() {
        ddim = inputs.resolve("ddim.json");
        Fits.fit(ddim).requireCode(0);
    }

    private static CommandRun compare(Cancellation interrupt, Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("compare", "--threads", 1, "--labels", "3,8,5", "--iia", ddim));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(interrupt, arguments.toArray());
    }

    private static CommandRun compare(Object... more) {
        return compare(new Cancellation(), more);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertEquals(1, run.output().lines().count());
        return new ObjectMapper().readTree(run.output());
    }

    @Test
    void theTableHasFineThenPlainThenCorrectedSteps() {
        List<String> lines = compare("--methods", "parataa").requireCode(0).output().lines().toList();
        assertEquals(6, lines.size());
        assertTrue(lines.get(0).matches("steps +method +rounds .* mean pixel +rms error"), lines.get(0));
        assertTrue(lines.get(1).matches("fine +sequential +9 +27 .* 0\\.000 +0\\.0000 +0\\.00000"), lines.get(1));
        assertTrue(lines.get(2).matches("plain +sequential +3 +9 +[0-9.]+ +1\\.00 .*"), lines.get(2));
        assertTrue(lines.get(3).matches("corrected +sequential +3 +9 .*"), lines.get(3));
        assertTrue(lines.get(4).matches("corrected +parataa .*"), lines.get(4));
        for (String line : lines.subList(0, 5)) {
            assertEquals(lines.get(0).length(), line.length(), "columns stand under their headings");
        }
        assertTrue(
                lines.get(5).matches("corrected steps have 0\\.[0-9]{2} of the plain ones' error, 0\\.[0-9]{4} instead"
                        + " of 0\\.[0-9]{4}; .* is fastest here.*"),
                lines.get(5));
    }

    @Test
    void jsonCarriesTheSame() throws IOException {
        JsonNode json = json(compare("--json").requireCode(0));
        JsonNode methods = json.get("methods");
        assertEquals(List.of("fine", "plain", "corrected", "corrected", "corrected", "corrected", "corrected",
                "corrected"),
                methods.findValuesAsText("steps"));
        assertEquals(List.of("sequential", "sequential", "sequential", "picard", "parataa", "sparse", "srds", "chords"),
                methods.findValuesAsText("method"));
        assertEquals(0, methods.get(0).get("rootMeanSquareError").asDouble());
        double plain = methods.get(1).get("rootMeanSquareError").asDouble();
        assertEquals(methods.get(2).get("rootMeanSquareError").asDouble() / plain, json.get("ratio").asDouble(), 1e-12);
        for (JsonNode method : methods) {
            if (method.get("steps").asText().equals("corrected")) {
                assertTrue(method.get("rootMeanSquareError").asDouble() < plain, method.toString());
                assertTrue(method.get("maxPixelDifference").asDouble() > 0, method.toString());
            }
        }
        assertEquals(1, methods.get(1).get("speedUp").asDouble());
        assertTrue(json.has("fastest"));
        assertFalse(json.has("strip"));
    }

    @Test
    void theStripHasALineForEachKindOfSteps() throws IOException {
        Path strip = folder.resolve("strip.png");
        JsonNode json = json(
                compare("--json", "--methods", "sequential", "--strip", strip, "--strip-columns", 2).requireCode(0));
        assertEquals("{\"fine\":2,\"plain\":2,\"corrected\":2}", json.get("strip").toString());
        BufferedImage image = ImageIO.read(strip.toFile());
        assertEquals(LEFT + 2 * CELL - 2, image.getWidth());
        assertEquals(3 * (56 + 20), image.getHeight());
        CommandRun run = compare("--methods", "sequential", "--strip", strip).requireCode(0);
        assertTrue(run.output().endsWith(
                strip + ": the samples by fine, plain, corrected steps, a line each" + System.lineSeparator()));
        assertEquals(LEFT + 3 * CELL - 2, ImageIO.read(strip.toFile()).getWidth());
    }

    /** The fine steps are then those of the grid that was asked for. */
    @Test
    void forcedOnAnotherGridTheFineStepsAreItsOwn() throws IOException {
        JsonNode json = json(
                compare("--json", "--methods", "sequential", "--spacing", "leading", "--iia-force").requireCode(0));
        assertEquals(9, json.get("methods").get(0).get("rounds").asInt());
        assertEquals(3, json.get("methods").get(2).get("rounds").asInt());
    }

    /** With one fine step a step, fine and plain samples are the same. */
    @Test
    void whereThereIsNothingToCorrectThereIsNoRatio() throws IOException {
        Path file = folder.resolve("same.json");
        Fits.fit(file, "--fine", 1, "--vectors", "noise").requireCode(0);
        Object[] arguments = {"compare", "--threads", 1, "--labels", 3, "--methods", "sequential", "--iia", file};
        assertTrue(CommandRun.of(arguments).requireCode(0).output()
                .contains("plain steps end where the fine ones do; of them sequential is fastest here"));
        Object[] asJson = Arrays.copyOf(arguments, arguments.length + 1);
        asJson[arguments.length] = "--json";
        assertTrue(json(CommandRun.of(asJson)).get("ratio").isNull());
    }

    @Test
    void cancelledMeans130AndNoStrip() throws IOException {
        Cancellation interrupt = new Cancellation();
        interrupt.cancel();
        Path strip = folder.resolve("strip.png");
        compare(interrupt, "--strip", strip).requireRefusal(130, "fine sequential: stopped before its first round");
        assertFalse(Files.exists(strip));
        JsonNode json = json(compare(interrupt, "--json").requireCode(130));
        assertTrue(json.get("ratio").isNull());
        assertEquals("CANCELLED", json.get("methods").get(0).get("status").asText());
        assertTrue(json.get("methods").get(0).get("rootMeanSquareError").isNull());
    }

    @Test
    void whatDoesNotSuitIsRefusedBeforeAnyIsRun() throws IOException {
        compare("--blocks", 4).requireRefusal(2, "blocks 4: must be 1 to 3");
        compare("--steps", 4, "--model", "no.pt").requireRefusal(2,
                "--steps 4: must be 3, as the coefficients of --iia " + ddim);
        compare("--guidance", 1).requireRefusal(2, "--guidance 1.0: must be 2.0, as the coefficients");
        // A solver from Java has no name here; by force another one takes its coefficients, but not its fine steps.
        Path file = folder.resolve("own.json");
        Files.writeString(file,
                Files.readString(ddim)
                        .replace("{\n    \"kind\": \"ddim\",\n    \"eta\": 0,\n    \"noiseInLastStep\": false\n  }",
                                "{\"kind\": \"own\"}")
                        .replace(
                                "{\n      \"kind\": \"ddim\",\n      \"eta\": 0,\n      \"noiseInLastStep\": false\n    }",
                                "{\"kind\": \"own\"}"));
        CommandRun.of("compare", "--iia", file, "--iia-force", "--solver", "ddim").requireRefusal(2,
                "solver of the fine steps own: must be one of the library's");
    }
}
