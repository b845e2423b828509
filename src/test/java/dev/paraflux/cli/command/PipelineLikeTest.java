package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.pipeline.TinyPipelines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code paraflux sample --like}: pictures tell how they were drawn. */
class PipelineLikeTest extends PipelineRuns {
    @Test
    void aPictureTellsHowItWasDrawn() throws IOException {
        sample("first", "--prompt", "a red square, \"small\"", "--prompt", "дом", "--negative", "", "--guidance", 3,
                "--seed",
                7, "--method", "picard", "--window", 8).requireCode(0);
        CommandRun.of("sample", "--like", folder.resolve("first.png"), "--out", folder.resolve("again.png"), "--save",
                folder.resolve("again.npy")).requireCode(0);
        CommandRun.of("sample", "--like", folder.resolve("again.png"), "--out", folder.resolve("other.png"), "--save",
                folder.resolve("other.npy"), "--seed", 8).requireCode(0);

        assertArrayEquals(latents("first"), latents("again"));
        assertArrayEquals(Files.readAllBytes(folder.resolve("first.png")),
                Files.readAllBytes(folder.resolve("again.png")));
        assertFalse(Arrays.equals(latents("first"), latents("other")));
        assertEquals(2 * DIM, latents("other").length);
    }

    @Test
    void aPictureTellsThePromptsOfAFileThemselves() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), TinyPipelines.PROMPT + "\na blue cross\n");
        sample("first", "--prompts", prompts).requireCode(0);
        Files.writeString(prompts, "a green line\n");
        CommandRun.of("sample", "--like", folder.resolve("first.png"), "--out", folder.resolve("again.png"), "--save",
                folder.resolve("again.npy")).requireCode(0);
        CommandRun.of("sample", "--like", folder.resolve("first.png"), "--prompts", prompts, "--out",
                folder.resolve("other.png"), "--save", folder.resolve("other.npy")).requireCode(0);

        assertArrayEquals(latents("first"), latents("again"));
        assertEquals(DIM, latents("other").length);
    }

    /** A quote is a letter, of which two may stand in two prompts. */
    @Test
    void promptsWithQuotesStaySeveral() throws IOException {
        sample("first", "--prompt", "a 12\" disc", "--prompt", "a 5\" square").requireCode(0);
        CommandRun.of("sample", "--like", folder.resolve("first.png"), "--out", folder.resolve("again.png"), "--save",
                folder.resolve("again.npy")).requireCode(0);

        assertEquals(2 * DIM, latents("first").length);
        assertArrayEquals(latents("first"), latents("again"));
    }

    @Test
    void whatAPictureTellsAndIsNoOptionIsRefusedByTheFile() throws IOException {
        Path file = folder.resolve("odd.png");
        String like = "--like " + file + ": ";
        assertTold(file, "[]", like + "content []: must be an object");
        assertTold(file, "{\"--steps\": 5}", like + "--steps 5: must be a text");
        assertTold(file, "{\"--sed\": \"5\"}", like + "--sed \"5\": must be left out: there is no such key."
                + " The nearest is --seed");
        assertTold(file, "no JSON", like + "not JSON in line 1");
        byte[] png = Files.readAllBytes(file);
        int text = new String(png, StandardCharsets.ISO_8859_1).indexOf("no JSON");
        png[text]++;
        Files.write(file, png);
        like(file).requireRefusal(2, file + ": damaged: the checksum of its chunk iTXt is not the one of its data");
        new ImageGrid(1, 1, 1, 1, 1).write(file, Map.of("paraflux", "x".repeat(1 << 24)), new float[1]);
        like(file).requireRefusal(2, file + ": bytes of a text 16777229: must be 0 to 16777216");
    }

    private void assertTold(Path file, String text, String refusal) throws IOException {
        new ImageGrid(1, 1, 1, 1, 1).write(file, Map.of("paraflux", text), new float[1]);
        like(file).requireRefusal(2, refusal);
    }

    private CommandRun like(Path file) {
        return CommandRun.of("sample", "--like", file, "--out", folder.resolve("again.png"));
    }

    @Test
    void aPictureThatTellsNothingIsRefused() throws IOException {
        Path plain = Path.of("docs/pictures/digits.png");
        CommandRun.of("sample", "--like", plain, "--out", folder.resolve("a.png")).requireRefusal(2,
                "--like docs/pictures/digits.png: must be a .png that paraflux sample has written");
    }
}
