package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Cancellation;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.Npy;
import dev.paraflux.noise.TorchRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code paraflux sample} writes and prints when all goes well, and how it ends when it is stopped. */
class SampleCommandTest {
    private static final int DIM = 28 * 28;

    @TempDir
    private Path folder;
    private Path picture;
    private Path array;

    @BeforeEach
    void nameFiles() {
        picture = folder.resolve("digits.png");
        array = folder.resolve("digits.npy");
    }

    private CommandRun sample(Cancellation interrupt, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("sample", "--threads", 1, "--steps", 2, "--out", picture));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(interrupt, arguments.toArray());
    }

    private CommandRun sample(Object... more) {
        return sample(new Cancellation(), more);
    }

    private float[] saved(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--save", array));
        arguments.addAll(Arrays.asList(more));
        sample(arguments.toArray()).requireCode(0);
        return Npy.read(array).toFloats();
    }

    private void requireNoFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void drawsTenDigitsAndSaysSoInOneLine() throws IOException {
        CommandRun run = sample().requireCode(0);
        assertTrue(run.output().matches("\\Q" + picture + "\\E: 10 samples, 2 rounds, 20 evaluations, "
                + "[0-9]+\\.[0-9]{2} s \\([0-9]+\\.[0-9]{2} s in the model\\)\\R"), run.output());
        assertEquals("", run.errors());
        BufferedImage image = ImageIO.read(picture.toFile());
        // Five by two cells of 28 pixels, each four pixels wide, two pixels apart.
        assertEquals(5 * 112 + 4 * 2, image.getWidth());
        assertEquals(2 * 112 + 2, image.getHeight());
    }

    @Test
    void theSavedValuesAreThePicture() throws IOException {
        float[] values = saved("--labels", "3,8");
        assertArrayEquals(new int[] {2, 1, 28, 28}, Npy.read(array).shape());
        BufferedImage image = ImageIO.read(picture.toFile());
        for (int sample = 0; sample < 2; sample++) {
            for (int pixel = 0; pixel < DIM; pixel++) {
                int x = sample * 114 + pixel % 28 * 4;
                int grey = image.getRaster().getSample(x, pixel / 28 * 4, 0);
                float value = values[sample * DIM + pixel];
                assertEquals(Math.max(0, Math.min(255, Math.round((value + 1.0) * 127.5))), grey);
            }
        }
    }

    @Test
    void jsonIsOneObjectAndNothingElse() throws IOException {
        CommandRun run = sample("--count", 3, "--guidance", 2, "--json").requireCode(0);
        assertEquals(1, run.output().lines().count());
        JsonNode json = new ObjectMapper().readTree(run.output());
        assertEquals("COMPLETED", json.get("status").asText());
        assertEquals(3, json.get("samples").asInt());
        assertEquals(2, json.get("rounds").asInt());
        assertEquals(6, json.get("evaluations").asInt());
        assertEquals(12, json.get("modelRows").asInt());
        assertTrue(json.get("seconds").asDouble() >= json.get("modelSeconds").asDouble());
        assertTrue(json.get("modelSeconds").asDouble() > 0);
        assertEquals("", run.errors());
        assertTrue(Files.exists(picture));
    }

    @Test
    void sampleIHasSeedPlusI() throws IOException {
        float[] two = saved("--labels", "4,4", "--seed", 6, "--guidance", 1);
        float[] second = saved("--labels", "4,4", "--seed", 7, "--guidance", 1);
        assertArrayEquals(Arrays.copyOfRange(two, DIM, 2 * DIM), Arrays.copyOf(second, DIM));
    }

    @Test
    void givenNoiseIsUsed() throws IOException {
        float[] start = new float[DIM];
        new TorchRandom(5).fillNormal(start);
        Path noise = folder.resolve("noise.npy");
        Npy.write(noise, start, 1, 1, 28, 28);
        assertArrayEquals(saved("--labels", 2, "--seed", 5), saved("--labels", 2, "--noise", noise));
    }

    @Test
    void givenRowNoiseIsUsed() throws IOException {
        Path zeros = folder.resolve("zeros.npy");
        Npy.write(zeros, new float[2 * DIM], 2, 1, 28, 28);
        float[] still = saved("--labels", 2, "--solver", "ddpm", "--row-noise", zeros);
        assertFalse(Arrays.equals(still, saved("--labels", 2, "--solver", "ddpm")));
        assertArrayEquals(still, saved("--labels", 2, "--eta", 1, "--row-noise", zeros));
    }

    /** A solver of several rows a step has noise for each of them: Heun's two steps are a stage and two full rows, the last of them Euler's. */
    @Test
    void rowNoiseIsOfTheSolversRows() throws IOException {
        Path zeros = folder.resolve("rows.npy");
        Npy.write(zeros, new float[3 * DIM], 3, 1, 28, 28);
        assertArrayEquals(saved("--labels", 2, "--solver", "heun"),
                saved("--labels", 2, "--solver", "heun", "--row-noise", zeros));
    }

    @Test
    void theCountOfSamplesIsTheNoiseFilesByDefault() throws IOException {
        Path noise = folder.resolve("noise.npy");
        Npy.write(noise, new float[3 * DIM], 3, 1, 28, 28);
        assertEquals(3 * DIM, saved("--noise", noise).length);
    }

    @Test
    void aModelAndASchedulerOfOnesOwn() throws IOException {
        Path model = DigitsFiles.copyTo(folder).model();
        Path scheduler = folder.resolve("scheduler_config.json");
        JsonNode card = new ObjectMapper().readTree(DigitsFiles.copyTo(folder).card().toFile());
        Files.writeString(scheduler, card.get("scheduler").toString());
        assertArrayEquals(saved("--labels", 1), saved("--labels", 1, "--model", model, "--scheduler", scheduler));
    }

    @Test
    void spacingChangesTheSample() throws IOException {
        assertFalse(Arrays.equals(saved("--labels", 1, "--spacing", "leading"),
                saved("--labels", 1, "--spacing", "Trailing")));
    }

    @Test
    void cancelledMeans130AndNoFile() throws IOException {
        Cancellation interrupt = new Cancellation();
        interrupt.cancel();
        sample(interrupt, "--save", array).requireRefusal(130, "stopped before its first round: the run was cancelled");
        requireNoFiles();
    }

    @Test
    void cancelledSaysSoInJson() throws IOException {
        Cancellation interrupt = new Cancellation();
        interrupt.cancel();
        CommandRun run = sample(interrupt, "--json").requireCode(130);
        assertEquals("CANCELLED", new ObjectMapper().readTree(run.output()).get("status").asText());
    }

    @Test
    void aPassedTimeLimitMeans1AndNoFile() throws IOException {
        sample("--timeout", 0.001).requireRefusal(1, "stopped ", "the time limit passed", "allow more time");
        requireNoFiles();
    }

    @Test
    void theBarIsForATerminalOnly() {
        System.setProperty("paraflux.terminal", "true");
        try {
            CommandRun run = sample("--labels", 1).requireCode(0);
            assertTrue(
                    run.errors()
                            .endsWith("[" + "#".repeat(40) + "] round 2, 2 of 2 rows final" + System.lineSeparator()),
                    run.errors());
        } finally {
            System.clearProperty("paraflux.terminal");
        }
    }
}
