package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.Npy;
import dev.paraflux.io.Picture;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.pipeline.TinyPipelines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code paraflux sample} and {@code compare} of prompts, against pictures of diffusers. */
class PipelineCommandTest extends PipelineRuns {
    private static final int SIDE = 32;

    @Test
    void aPromptBecomesThePictureOfDiffusers() throws IOException {
        CommandRun run = sample("one", "--prompt", TinyPipelines.PROMPT, "--negative", TinyPipelines.NEGATIVE, "--seed",
                5).requireCode(0);

        assertTrue(run.output().contains("one.png"), run.output());
        assertEquals("", run.errors());
        assertArrayEquals(new int[] {1, 4, 8, 8}, Npy.read(folder.resolve("one.npy")).shape());
        assertNear(gold("ddim"), latents("one"));
        // Small pictures are drawn with large pixels.
        float[] drawn = Picture.read(folder.resolve("one.png")).values("picture", 3, 3 * SIDE, 3 * SIDE);
        float[] pixels = Npy.read(TinyPipelines.path("sd-gold/ddim.pictures.npy")).toFloats();
        for (int i = 0; i < drawn.length; i++) {
            int x = i % (3 * SIDE) / 3;
            int y = i / (3 * SIDE) % (3 * SIDE) / 3;
            assertEquals(pixels[(y * SIDE + x) * 3 + i / (9 * SIDE * SIDE)], drawn[i], 0.6 / 255);
        }
    }

    @Test
    void promptsOfAFileAreDrawnEachFromTheNextSeed() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), TinyPipelines.PROMPT + "\n\na blue cross\n");
        sample("two", "--prompts", prompts, "--negative", TinyPipelines.NEGATIVE, "--seed", 5).requireCode(0);

        assertEquals(2 * DIM, latents("two").length);
        assertNear(gold("ddim"), Arrays.copyOf(latents("two"), DIM));
        sample("count", "--prompt", TinyPipelines.PROMPT, "--prompt", "a blue cross", "--negative",
                TinyPipelines.NEGATIVE, "--seed", 5, "--count",
                3)
                .requireCode(0);
        assertNear(latents("two"), Arrays.copyOf(latents("count"), 2 * DIM));
    }

    @Test
    void aFileOfPromptsThatCannotBeReadIsNamed() throws IOException {
        Path prompts = folder.resolve("prompts.txt");
        sample("a", "--prompts", prompts).requireRefusal(2, "--prompts: " + prompts + ": no such file");
        Files.write(prompts, new byte[] {'a', (byte) 0xff});
        sample("a", "--prompts", prompts).requireRefusal(2, "--prompts: " + prompts + ": it is no text in UTF-8");
    }

    @Test
    void anImageIsChangedAndPaintedIn() throws IOException {
        Path picture = folder.resolve("picture.png");
        writePixels(picture, "picture.npy", 3);
        Path mask = folder.resolve("mask.png");
        writePixels(mask, "mask.npy", 1);
        sample("changed", "--prompt", TinyPipelines.PROMPT, "--negative", TinyPipelines.NEGATIVE, "--seed", 5,
                "--image", picture, "--strength",
                0.6)
                .requireCode(0);
        sample("painted", "--prompt", TinyPipelines.PROMPT, "--negative", TinyPipelines.NEGATIVE, "--seed", 5,
                "--image", picture, "--strength",
                0.6,
                "--mask", mask).requireCode(0);

        Path pndm = Files.writeString(folder.resolve("pndm.json"),
                Files.readString(TinyPipelines.path("sd-gold/pndm.json")).replace("\"skip_prk_steps\": true",
                        "\"skip_prk_steps\": false"));
        sample("few", "--prompt", TinyPipelines.PROMPT, "--scheduler", pndm, "--image", picture, "--strength", 0.35)
                .requireRefusal(2, "--strength 0.35: must be 0.4 to 1 for 10 steps of pndm");
        assertNear(gold("img2img"), latents("changed"));
        assertNear(gold("inpainted"), latents("painted"));
    }

    /** The pair that is guided has the mask and the picture in both halves. */
    @Test
    void aModelForInpaintingIsGivenImageAndMask() throws IOException {
        Path painting = TinyPipelines.withUnet("sd-inpaint", folder.resolve("painting"));
        Path picture = folder.resolve("picture.png");
        writePixels(picture, "picture.npy", 3);
        Path mask = folder.resolve("mask.png");
        writePixels(mask, "mask.npy", 1);
        Path scheduler = TinyPipelines.path("sd-gold/euler.json");
        List<Object> arguments = new ArrayList<>(List.of("sample", "--pipeline", painting, "--steps", 10, "--scheduler",
                scheduler, "--image", picture, "--strength", 0.6, "--out", folder.resolve("taken.png"), "--save",
                folder.resolve("taken.npy")));
        arguments.addAll(List.of(asked()));
        CommandRun.of(arguments.toArray()).requireRefusal(2,
                "--mask missing: must be given with --image: what denoises in pipeline " + painting);
        arguments.addAll(List.of("--mask", mask));
        CommandRun.of(arguments.toArray()).requireCode(0);
        assertNear(gold("mask_taken_begun"), latents("taken"));
    }

    @Test
    void aModelThatTakesTheWeightIsNotGuidedBesides() throws IOException {
        Path distilled = TinyPipelines.withUnet("sd-lcm", folder.resolve("distilled"));
        Path scheduler = TinyPipelines.path("sd-gold/lcm.json");
        List<Object> arguments = new ArrayList<>(List.of("sample", "--pipeline", distilled, "--prompt",
                TinyPipelines.PROMPT, "--scheduler", scheduler, "--seed", 5, "--out", folder.resolve("taken.png"),
                "--save",
                folder.resolve("taken.npy")));
        CommandRun usual = CommandRun.of(arguments.toArray()).requireCode(0);
        assertTrue(usual.output().contains("4 rounds, 4 evaluations"), usual.output());
        assertNear(gold("weight_taken"), latents("taken"));
        arguments.addAll(List.of("--guidance", 2));
        CommandRun.of(arguments.toArray()).requireCode(0);
        assertFalse(Arrays.equals(gold("weight_taken"), latents("taken")));
        arguments.addAll(List.of("--rescale", 0.5));
        CommandRun.of(arguments.toArray()).requireRefusal(2,
                "--rescale 0.5: must be left out with a --pipeline that takes the guidance weight as an input");
    }

    private static Object[] asked(Object... more) {
        return Stream
                .concat(Stream.of("--prompt", TinyPipelines.PROMPT, "--negative", TinyPipelines.NEGATIVE, "--seed", 5),
                        Stream.of(more))
                .toArray();
    }

    /** What is not a scheduler's: see PipelinesOfDiffusersTest. */
    @Test
    void theCommandDoesWhatPipelinesOfDiffusersDo() throws IOException {
        sample("unguided", asked("--guidance", 0)).requireCode(0);
        assertNear(gold("unguided"), latents("unguided"));
        sample("rescaled", asked("--rescale", 0.7)).requireCode(0);
        assertNear(gold("rescaled"), latents("rescaled"));
        sample("skipped", asked("--clip-skip", 1)).requireCode(0);
        assertNear(gold("skipped"), latents("skipped"));
        sample("none", asked("--clip-skip", 3)).requireRefusal(2, "--clip-skip 3: must be 0 to 2 for pipeline ");
        for (String name : List.of("tcd", "clipping")) {
            sample(name, asked("--scheduler", TinyPipelines.path("sd-gold/" + name + ".json"))).requireCode(0);
            assertNear(gold(name), latents(name));
        }
        Path file = Files.writeString(folder.resolve("v.json"),
                Files.readString(TinyPipelines.path("sd-gold/euler.json"))
                        .replace("\"epsilon\"", "\"v_prediction\""));
        sample("velocity", asked("--scheduler", file)).requireCode(0);
        assertNear(gold("velocity"), latents("velocity"));
        sample("flow", asked("--scheduler", TinyPipelines.path("sd3-gold/unshifted.json"))).requireRefusal(2,
                "prediction_type FLOW: must be EPSILON");
    }

    @Test
    void promptsMayBeEmpty() throws IOException {
        sample("empty", "--prompt", "a", "--prompt", "", "--seed", 5).requireCode(0);
        assertEquals(2 * DIM, latents("empty").length);
        CommandRun.of("sample", "--like", folder.resolve("empty.png"), "--out", folder.resolve("again.png"), "--save",
                folder.resolve("again.npy")).requireCode(0);
        assertNear(latents("empty"), latents("again"));
    }

    @Test
    void anArrayOfBytesIsNoImage() throws IOException {
        Path file = TinyPipelines.path("sd-gold/picture.npy");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1).replace("(32, 32, 3)", "(3, 32, 32)");
        Path array = Files.writeString(folder.resolve("bytes.npy"), bytes, StandardCharsets.ISO_8859_1);
        sample("a", "--prompt", TinyPipelines.PROMPT, "--image", array).requireRefusal(2,
                "--image " + array + ": type of elements", "must be float16, float32 or float64");
    }

    private static void writePixels(Path file, String array, int channels) throws IOException {
        float[] pixels = Npy.read(TinyPipelines.path("sd-gold/" + array)).toFloats();
        float[] values = new float[pixels.length];
        int plane = SIDE * SIDE;
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * pixels[i % plane * channels + i / plane] / 255 - 1;
        }
        new ImageGrid(channels, SIDE, SIDE, 1, 1).write(file, values);
    }

    @Test
    void methodsAreComparedInDecodedPixels() throws IOException {
        CommandRun run = run("compare", "--prompt", TinyPipelines.PROMPT, "--negative", TinyPipelines.NEGATIVE,
                "--seed", 5, "--json")
                .requireCode(0);

        List<JsonValue> lines = JsonFile.parse(run.output(), "output").get("methods").list();
        assertTrue(lines.size() > 3, run.output());
        for (JsonValue line : lines) {
            assertTrue(line.get("maxPixelDifference").number() < 0.5, line.toString());
        }
    }

    @Test
    void whatIsLostOfAPromptIsSaid() {
        CommandRun run = sample("long", "--prompt", "red square ".repeat(40)).requireCode(0);

        assertEquals("paraflux: the prompt is too long for its text encoder: what follows from \"square red square red"
                + " square\" on does not count", run.errors().strip());
    }

    @Test
    void theDoctorTellsMemoryBeforeAnythingIsLoaded() {
        CommandRun run = CommandRun.of("doctor", "--pipeline", TinyPipelines.path("sd")).requireCode(0);

        assertTrue(run.output().matches("(?s).*pipeline +\\S+/sd, STABLE_DIFFUSION of 32x32: unet 0.5 MB, text_encoder"
                + " 0.1 MB, vae_decoder 0.1 MB, vae_encoder 0.1 MB of weights: 0.8 MB are kept, and up to 2.0 MB are taken"
                + " while they are loaded; with low memory 0.5 MB, and up to 2.0 MB\\Runet +sd .4, 8, 8. by .*"),
                run.output());
        CommandRun.of("doctor", "--pipeline", folder).requireRefusal(2, "has no model_index.json");
    }

    @Test
    void vectorsOfT5AreReadFromFiles() throws IOException {
        float[] both = Npy.read(TinyPipelines.path("sd3-gold/t5_vectors.npy")).toFloats();
        Path prompt = folder.resolve("prompt.npy");
        Path negative = folder.resolve("negative.npy");
        Npy.write(prompt, Arrays.copyOf(both, both.length / 2), 1, 256, 24);
        Npy.write(negative, Arrays.copyOfRange(both, both.length / 2, both.length), 1, 256, 24);
        List<Object> arguments = List.of("sample", "--pipeline", TinyPipelines.path("sd3"), "--steps", 10, "--prompt",
                TinyPipelines.PROMPT, "--negative", TinyPipelines.NEGATIVE, "--seed", 5, "--out",
                folder.resolve("a.png"), "--save",
                folder.resolve("a.npy"), "--t5", prompt);
        CommandRun.of(arguments.toArray()).requireRefusal(2,
                "--negative-t5 missing: must be given, as the other one is");
        List<Object> two = new ArrayList<>(arguments);
        two.addAll(List.of("--negative-t5", negative));
        CommandRun.of(two.toArray()).requireCode(0);

        float[] wanted = Npy.read(TinyPipelines.path("sd3-gold/t5.latents.npy")).toFloats();
        assertNear(wanted, latents("a"));
        two.addAll(List.of("--prompt", "another"));
        CommandRun.of(two.toArray()).requireRefusal(2, "must be an array of [2, tokens, width], a matrix for each text;"
                + " it is [1, 256, 24]");
        Npy.write(negative, new float[255 * 24], 1, 255, 24);
        CommandRun.of(two.subList(0, two.size() - 2).toArray()).requireRefusal(2,
                "--negative-t5 float32 [255, 24]: must be float32 [256, 24]");
        sample("a", "--prompt", "x", "--t5", prompt, "--negative-t5", prompt).requireRefusal(2,
                "--negative-t5 float32 [256, 24]: must be left out for pipeline");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() throws IOException {
        run("compare", "--prompt", "x", "--beside", "bfloat16").requireRefusal(2,
                "--beside [bfloat16]: must be left out where --pipeline is given");
        sample("a").requireRefusal(2, "--prompt missing: must be given where --pipeline is, once for each picture");
        sample("a", "--prompt", "x", "--size", "33x32").requireRefusal(2,
                "--size 33x32: must be of a width and height that are multiples of 4 pixels");
        sample("a", "--prompt", "x", "--size", "big").requireRefusal(2,
                "--size \"big\": must be WIDTHxHEIGHT in pixels");
        sample("a", "--prompt", "x", "--size", "8192x8192").requireRefusal(2,
                "--size \"8192x8192\": must be of at most 16777216 pixels");
        sample("a", "--prompt", "x", "--precision", "bfloat16").requireRefusal(2,
                "--precision bfloat16: must be float32, which the graph of");
        Path prompts = folder.resolve("prompts.txt");
        Files.write(prompts, new byte[] {'a', (byte) 0xff, '\n'});
        sample("a", "--prompts", prompts).requireRefusal(2, "it is no text in UTF-8");
        Files.writeString(prompts, " \n\n");
        sample("a", "--prompts", prompts).requireRefusal(2, "--prompts: " + prompts + " has no line: it must be");
        sample("a", "--prompt", "x", "--labels", "1").requireRefusal(2,
                "--labels [1]: must be left out where --pipeline");
        sample("a", "--prompt", "x", "--model", "m.pt").requireRefusal(2,
                "--model m.pt: must be left out where --pipeline");
        CommandRun.of("sample", "--prompt", "x", "--out", folder.resolve("a.png")).requireRefusal(2,
                "--prompt \"x\": must be given with a --pipeline");
        CommandRun.of("sample", "--pipeline", folder, "--prompt", "x", "--out", folder.resolve("a.png"))
                .requireRefusal(2, "has no model_index.json: it must be the folder of the whole pipeline");
    }
}
