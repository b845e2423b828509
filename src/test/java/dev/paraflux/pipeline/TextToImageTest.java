package dev.paraflux.pipeline;

import static dev.paraflux.pipeline.TinyPipelines.asked;
import static dev.paraflux.pipeline.TinyPipelines.difference;
import static dev.paraflux.pipeline.TinyPipelines.latents;
import static dev.paraflux.pipeline.TinyPipelines.mask;
import static dev.paraflux.pipeline.TinyPipelines.path;
import static dev.paraflux.pipeline.TinyPipelines.picture;
import static dev.paraflux.pipeline.TinyPipelines.pixelDifference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.RunOptions;
import dev.paraflux.Status;
import dev.paraflux.io.Npy;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.TensorValue;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of diffusers, from the same folders, prompts and seeds. */
class TextToImageTest {
    private static final double PIXELS = 0.05;
    private static final int T5_TOKENS = 256;
    private static final int T5_WIDTH = 24;
    private static final double LATENTS = 5e-4;

    @TempDir
    Path scratch;

    private static TextToImage.Builder sd() {
        return TextToImage.builder(path("sd")).steps(TinyPipelines.STEPS);
    }

    private static void assertDrawn(String gold, int number, DrawnPicture picture) throws IOException {
        float[] values = picture.latents();
        assertEquals(0, difference(latents(gold, number, values.length), values), LATENTS, gold);
        assertEquals(0, pixelDifference(gold, number, picture.pixels()), PIXELS, gold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ddim", "dpmpp2m", "pndm", "euler", "euler_trailing", "euler_karras", "euler_ancestral",
            "unipc"})
    void everySchedulerDrawsThePictureOfDiffusers(String name) throws IOException {
        SchedulerConfig scheduler = SchedulerConfig.read(path("sd-gold/" + name + ".json"));
        try (TextToImage painter = sd().scheduler(scheduler).build()) {
            assertDrawn("sd-gold/" + name, 0, painter.draw(asked()));
        }
    }

    static Stream<Method> methods() {
        return Stream.of(Picard.defaults(), ParaTaa.defaults(), Srds.defaults(), Chords.defaults());
    }

    /** The pixels' tolerance of methods that stop by them is a tenth of a step. */
    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodIsWithinHalfAStepOfAPixel(Method method) throws IOException {
        try (TextToImage painter = sd().method(method).build()) {
            DrawnPicture drawn = painter.draw(asked());
            assertEquals(0, pixelDifference("sd-gold/ddim", 0, drawn.pixels()), 0.5);
            assertEquals(true, drawn.sample().status().isSolved());
        }
    }

    @Test
    void futuresAndLimitsAreTheSamplers() throws Exception {
        try (TextToImage painter = sd().build()) {
            assertDrawn("sd-gold/ddim", 0,
                    painter.drawAsync(List.of(asked()), RunOptions.defaults()).get(1, TimeUnit.MINUTES).get(0));
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            DrawnPicture none = painter
                    .draw(List.of(asked()), RunOptions.defaults().withCancellation(cancelled)).get(0);
            assertEquals(Status.CANCELLED, none.sample().status());
            assertTrue(assertThrows(IllegalStateException.class, none::pixels).getMessage().startsWith("no picture: "));
        }
    }

    private static List<PictureRequest> two() {
        return List.of(asked(), PictureRequest.of(TinyPipelines.SECOND).without("").withSeed(6));
    }

    @Test
    void twoPromptsAtOnceAreWhatOneGeneratorOrTwoDraw() throws IOException {
        try (TextToImage painter = sd().build()) {
            List<DrawnPicture> one = painter.draw(PictureRequest.ofOneGenerator(TinyPipelines.SEED, two()),
                    RunOptions.defaults());
            List<DrawnPicture> own = painter.draw(two(), RunOptions.defaults());
            for (int k = 0; k < 2; k++) {
                assertDrawn("sd-gold/two_one_generator", k, one.get(k));
                assertDrawn("sd-gold/two_own_generators", k, own.get(k));
                DrawnPicture alone = painter.draw(two().get(k));
                assertEquals(0, difference(alone.sample().values(), own.get(k).sample().values()), 1e-5);
            }
        }
    }

    @Test
    void freshNoiseOfOneGeneratorIsDrawnForAllPicturesInTurn() throws IOException {
        SchedulerConfig ancestral = SchedulerConfig.read(path("sd-gold/euler_ancestral.json"));
        try (TextToImage painter = sd().scheduler(ancestral).build()) {
            List<DrawnPicture> both = painter.draw(PictureRequest.ofOneGenerator(TinyPipelines.SEED, two()),
                    RunOptions.defaults());
            assertDrawn("sd-gold/two_ancestral", 0, both.get(0));
            assertDrawn("sd-gold/two_ancestral", 1, both.get(1));
        }
    }

    @Test
    void anotherSizeIsDrawn() throws IOException {
        try (TextToImage painter = sd().size(48, 32).build()) {
            assertDrawn("sd-gold/wide", 0, painter.draw(asked()));
        }
    }

    @Test
    void picturesOfOtherSizesAreToldWhatToDo() throws IOException {
        try (TextToImage painter = sd().steps(2).build()) {
            float[] wide = new float[3 * 48 * 32];
            String todo = ", as pipeline sd was loaded for pictures of 32x32: for another size make another painter,"
                    + " TextToImage.builder(folder).size(width, height)";
            assertRefused("number of values of the picture 4608: must be 3072, [3, 32, 32]" + todo,
                    () -> painter.draw(asked().withPicture(wide, 0.5)));
            assertRefused("number of values of the mask 7: must be 1024, [32, 32]" + todo,
                    () -> painter.draw(asked().withPicture(new float[3072], 0.5).withMask(new float[7])));
        }
    }

    @Test
    void aPictureIsBegunFrom() throws IOException {
        try (TextToImage painter = sd().build()) {
            DrawnPicture drawn = painter.draw(asked().withPicture(picture(), 0.6));
            assertDrawn("sd-gold/img2img", 0, drawn);
            assertEquals(6, drawn.sample().stats().rounds());
        }
    }

    @Test
    void aPictureIsPaintedWhereItsMaskSays() throws IOException {
        try (TextToImage painter = sd().build()) {
            assertDrawn("sd-gold/inpainted", 0, painter.draw(asked().withPicture(picture(), 0.6).withMask(mask())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"given", "none", "empty"})
    void stableDiffusionXl(String negative) throws IOException {
        PictureRequest request = PictureRequest.of(TinyPipelines.PROMPT).withSeed(TinyPipelines.SEED);
        request = negative.equals("none") ? request
                : request.without(negative.equals("given") ? TinyPipelines.NEGATIVE : "");
        try (TextToImage painter = TextToImage.builder(path("sdxl")).steps(TinyPipelines.STEPS).build()) {
            assertDrawn("sdxl-gold/" + negative, 0, painter.draw(request));
        }
    }

    @Test
    void stableDiffusion3() throws IOException {
        try (TextToImage painter = TextToImage.builder(path("sd3")).steps(TinyPipelines.STEPS).build()) {
            assertDrawn("sd3-gold/given", 0, painter.draw(asked()));
        }
    }

    private static TensorValue t5(int number, int tokens) throws IOException {
        float[] both = Npy.read(path("sd3-gold/t5_vectors.npy")).toFloats();
        int length = both.length / 2;
        float[] one = Arrays.copyOfRange(both, number * length, number * length + tokens * T5_WIDTH);
        return TensorValue.of(one, tokens, T5_WIDTH);
    }

    @Test
    void vectorsOfT5AreTheirPartOfThePrompt() throws IOException {
        PictureRequest with = asked().withT5(t5(0, T5_TOKENS), t5(1, T5_TOKENS));
        Path folder = TinyPipelines.copy("sd3", scratch.resolve("sd3"));
        Path index = folder.resolve("model_index.json");
        try (TextToImage painter = TextToImage.builder(folder).steps(TinyPipelines.STEPS).build()) {
            assertDrawn("sd3-gold/t5", 0, painter.draw(with));
            assertRefused("float32 [255, 24]: must be float32 [256, 24]",
                    () -> painter.draw(asked().withT5(t5(0, 255), t5(1, 255))));
        }
        Files.writeString(index, Files.readString(index).replace("\"text_encoder_3\": [\n    null,\n    null",
                "\"text_encoder_3\": [\"transformers\", \"T5EncoderModel\""));
        try (TextToImage painter = TextToImage.builder(folder).steps(TinyPipelines.STEPS).build()) {
            assertTrue(painter.pipeline().folder().needsT5());
            assertDrawn("sd3-gold/t5", 0, painter.draw(with));
            assertRefused("T5's vectors missing: must be given for each text, as pipeline " + folder,
                    () -> painter.draw(asked()));
        }
        try (TextToImage painter = sd().build()) {
            assertRefused("must be left out for pipeline", () -> painter.draw(with));
        }
    }

    private static void assertRefused(String words, Executable drawing) {
        String message = assertThrows(IllegalArgumentException.class, drawing).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void partsThatAreLetGoDrawTheSame() throws IOException {
        try (TextToImage kept = sd().build(); TextToImage letGo = sd().lowMemory().build()) {
            assertEquals(0, difference(kept.draw(asked()).pixels(), letGo.draw(asked()).pixels()));
        }
    }

    @Test
    void aLongPromptSaysWhatWasLost() throws IOException {
        try (TextToImage painter = sd().steps(2).build()) {
            assertTrue(painter.draw(PictureRequest.of("red square ".repeat(40))).lost().startsWith("square red"));
            assertEquals("", painter.draw(asked()).lost());
        }
    }
}
