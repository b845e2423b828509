package dev.paraflux.pipeline;

import static dev.paraflux.pipeline.TinyPipelines.asked;
import static dev.paraflux.pipeline.TinyPipelines.difference;
import static dev.paraflux.pipeline.TinyPipelines.latents;
import static dev.paraflux.pipeline.TinyPipelines.mask;
import static dev.paraflux.pipeline.TinyPipelines.path;
import static dev.paraflux.pipeline.TinyPipelines.picture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.RunOptions;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.AlignYourSteps;
import dev.paraflux.schedule.CustomSteps;
import dev.paraflux.schedule.FlowSigmas;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What diffusers' pipelines do beside their schedulers: guidance, files of a folder, order of what is drawn. */
class PipelinesOfDiffusersTest {
    private static final double LATENTS = 5e-4;

    @TempDir
    Path scratch;

    private static SchedulerConfig scheduler(String gold) throws IOException {
        return SchedulerConfig.read(path(gold + ".json"));
    }

    private static TextToImage painter(String scheduler) throws IOException {
        return TextToImage.builder(path("sd")).steps(TinyPipelines.STEPS).scheduler(scheduler("sd-gold/" + scheduler))
                .build();
    }

    private static void assertLatents(String gold, int number, DrawnPicture drawn) throws IOException {
        TinyPipelines.assertLatents(gold, number, LATENTS, drawn);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, -3})
    void guidanceOfOneAndLessIsNone(double weight) throws IOException {
        try (TextToImage painter = painter("ddim")) {
            assertLatents("sd-gold/unguided", 0, painter.draw(asked().withGuidance(weight).withRescale(0.7)));
        }
    }

    @Test
    void guidedPredictionsAreRescaled() throws IOException {
        try (TextToImage painter = painter("ddim")) {
            assertLatents("sd-gold/rescaled", 0, painter.draw(asked().withRescale(0.7)));
        }
    }

    /** Of the prompt alone, and, of Stable Diffusion 1, normed as the last layer is. */
    @Test
    void layersOfTextEncodersAreLeftOut() throws IOException {
        try (TextToImage painter = painter("ddim")) {
            assertLatents("sd-gold/skipped", 0, painter.draw(asked().withClipSkip(1)));
            assertLatents("sd-gold/all_skipped", 0, painter.draw(asked().withClipSkip(2)));
            assertLatents("sd-gold/ddim", 0, painter.draw(asked().withClipSkip(0)));
            assertEquals("clipSkip 3: must be 0 to 2 for pipeline " + path("sd") + ", as its text encoders'"
                    + " num_hidden_layers say",
                    assertThrows(IllegalArgumentException.class,
                            () -> painter.draw(asked().withClipSkip(3))).getMessage());
        }
        try (TextToImage painter = TextToImage.builder(path("sdxl")).steps(TinyPipelines.STEPS).build()) {
            assertLatents("sdxl-gold/skipped", 0, painter.draw(asked().withClipSkip(1)));
            assertThrows(IllegalArgumentException.class, () -> painter.draw(asked().withClipSkip(2)));
        }
        assertThrows(IllegalArgumentException.class, () -> asked().withClipSkip(-1));
    }

    @Test
    void layersThatAreNotAnsweredCannotBeLeftOut() throws IOException {
        Path folder = TinyPipelines.copy("sd", scratch.resolve("sd"));
        Path encoder = folder.resolve("text_encoder/model.onnx");
        Files.writeString(encoder, Files.readString(encoder, StandardCharsets.ISO_8859_1)
                .replace("hidden_states.", "hidden_states_"), StandardCharsets.ISO_8859_1);
        try (TextToImage painter = TextToImage.builder(folder).steps(TinyPipelines.STEPS).build()) {
            assertLatents("sd-gold/ddim", 0, painter.draw(asked()));
            String message = assertThrows(IllegalStateException.class, () -> painter.draw(asked().withClipSkip(1)))
                    .getMessage();
            assertTrue(message.endsWith("and not hidden_states.0, hidden_states.1, ...: export it with the states of"
                    + " all its layers, as tools/export_pipeline.py does"), message);
        }
    }

    /** A folder's own file has its offset and its clipping corrected; the same file from elsewhere counts as it is. */
    @Test
    void theFileOfAFolderIsCorrected() throws IOException {
        Path folder = TinyPipelines.copy("sd", scratch.resolve("sd"));
        Files.copy(path("sd-gold/clipping.json"), folder.resolve("scheduler/scheduler_config.json"),
                StandardCopyOption.REPLACE_EXISTING);
        try (TextToImage painter = TextToImage.builder(folder).steps(TinyPipelines.STEPS).build()) {
            assertLatents("sd-gold/corrected", 0, painter.draw(asked()));
        }
        try (TextToImage painter = painter("clipping")) {
            assertLatents("sd-gold/clipping", 0, painter.draw(asked()));
        }
    }

    @Test
    void aFolderForPaintingKeepsItsClipping() throws IOException {
        Path folder = TinyPipelines.copy("sd", scratch.resolve("sd"));
        Path index = folder.resolve("model_index.json");
        Files.writeString(index, Files.readString(index).replace("StableDiffusionPipeline",
                "StableDiffusionInpaintPipeline"));
        Path file = folder.resolve("scheduler/scheduler_config.json");
        Files.copy(path("sd-gold/clipping.json"), file, StandardCopyOption.REPLACE_EXISTING);
        SchedulerConfig read = PipelineFolder.read(folder).scheduler();
        assertEquals(1, read.settings().integer("steps_offset"));
        assertTrue(read.settings().flag("clip_sample"));

        Files.writeString(file, "{\"_class_name\": \"PNDMScheduler\"}");
        assertTrue(PipelineFolder.read(folder).scheduler().settings().flag("skip_prk_steps"));
    }

    @Test
    void whatClipsServesTheEndOfItsGridToo() throws IOException {
        try (TextToImage painter = painter("clipping")) {
            assertLatents("sd-gold/clipping_img2img", 0, painter.draw(asked().withPicture(picture(), 0.6)));
        }
    }

    @Test
    void distilledSolversTakeNoFreshNoiseUnlessAsked() throws IOException {
        try (TextToImage painter = painter("tcd")) {
            assertLatents("sd-gold/tcd", 0, painter.draw(asked()));
        }
    }

    /** Three of ten steps are left, and the first of them is the second stage of its group. */
    @Test
    void singlestepSolversKeepTheOrdersOfTheWholeGrid() throws IOException {
        try (TextToImage painter = painter("singlestep")) {
            assertLatents("sd-gold/singlestep_img2img", 0, painter.draw(asked().withPicture(picture(), 0.35)));
        }
    }

    @Test
    void timesAndSigmasOfOnesOwnAreTaken() throws IOException {
        TextToImage.Builder times = TextToImage.builder(path("sd")).scheduler(scheduler("sd-gold/dpmpp2m"))
                .steps(AlignYourSteps.STABLE_DIFFUSION.times());
        try (TextToImage painter = times.build()) {
            assertLatents("sd-gold/custom_times", 0, painter.draw(asked()));
            // Of ten steps the last four.
            assertLatents("sd-gold/custom_times_img2img", 0, painter.draw(asked().withPicture(picture(), 0.45)));
        }
        assertThrows(IllegalArgumentException.class, () -> times.steps(9).build());
        SchedulerConfig euler = scheduler("sd-gold/euler").withSteps(AlignYourSteps.STABLE_DIFFUSION.sigmas());
        try (TextToImage painter = TextToImage.builder(path("sd")).scheduler(euler).build()) {
            assertLatents("sd-gold/custom_sigmas", 0, painter.draw(asked()));
        }
        for (String name : List.of("unshifted", "by_length")) {
            try (TextToImage painter = TextToImage.builder(path("sd3")).scheduler(scheduler("sd3-gold/" + name))
                    .steps(CustomSteps.ofSigmas(1, 0.8, 0.6, 0.35, 0.1)).build()) {
                assertLatents("sd3-gold/" + name + "_custom", 0, painter.draw(asked()));
            }
        }
    }

    @Test
    void aStrengthThatLeavesTooFewStepsIsRefused() throws IOException {
        SchedulerConfig config = scheduler("sd-gold/pndm").with("skip_prk_steps", false);
        try (TextToImage painter = TextToImage.builder(path("sd")).steps(TinyPipelines.STEPS).scheduler(config)
                .build()) {
            assertEquals(
                    "strength 0.39: must be 0.4 to 1 for 10 steps of pndm (mixVelocities false), which takes 4 of them"
                            + " or more",
                    assertThrows(IllegalArgumentException.class,
                            () -> painter.draw(asked().withPicture(picture(), 0.39))).getMessage());
            assertTrue(painter.draw(asked().withPicture(picture(), 0.4)).sample().hasValues());
        }
    }

    @Test
    void aStartThatIsGivenIsNotDrawn() throws IOException {
        float[] start = new float[4 * 8 * 8];
        new TorchRandom(77).fillNormal(start);
        try (TextToImage painter = painter("euler_ancestral")) {
            assertLatents("sd-gold/started", 0, painter.draw(asked().withStart(start)));
        }
    }

    private static List<PictureRequest> three(PictureRequest one) {
        return PictureRequest.ofOneGenerator(TinyPipelines.SEED, Collections.nCopies(3, one));
    }

    @Test
    void onePictureForSeveralIsDrawnForOnce() throws IOException {
        try (TextToImage painter = painter("euler_ancestral")) {
            List<DrawnPicture> drawn = painter.draw(three(asked().withPicture(picture(), 0.5)), RunOptions.defaults());
            for (int k = 0; k < drawn.size(); k++) {
                assertLatents("sd-gold/three_img2img", k, drawn.get(k));
            }
        }
    }

    @Test
    void freshNoiseIsDrawnBehindThePictureUnderTheMask() throws IOException {
        List<PictureRequest> asked = three(asked().withPicture(picture(), 0.6).withMask(mask()));
        try (TextToImage painter = painter("euler_ancestral")) {
            List<DrawnPicture> drawn = painter.draw(asked, RunOptions.defaults());
            for (int k = 0; k < drawn.size(); k++) {
                assertLatents("sd-gold/three_inpainted", k, drawn.get(k));
            }
        }
        // What is known is the same in every method.
        try (TextToImage painter = TextToImage.builder(path("sd")).steps(TinyPipelines.STEPS)
                .scheduler(scheduler("sd-gold/euler_ancestral"))
                .method(ParaTaa.defaults()).build()) {
            DrawnPicture first = painter.draw(asked, RunOptions.defaults()).get(0);
            assertEquals(0, difference(latents("sd-gold/three_inpainted", 0, first.latents().length), first.latents()),
                    0.01);
        }
    }

    @Test
    void stableDiffusion3LeavesItsSigmasToTheScheduler() throws IOException {
        for (String name : List.of("unshifted", "by_length")) {
            SchedulerConfig config = scheduler("sd3-gold/" + name);
            try (TextToImage painter = TextToImage.builder(path("sd3")).steps(TinyPipelines.STEPS).scheduler(config)
                    .build()) {
                assertLatents("sd3-gold/" + name, 0, painter.draw(asked()));
                SchedulerConfig told = config.withFlowSigmas(FlowSigmas.PIPELINE);
                assertEquals(FlowSigmas.PIPELINE, painter.pipeline().suited(told).flowSigmas().orElseThrow());
            }
        }
    }

    @Test
    void otherSchedulersOfFlowMatchingAreDiffusers() throws IOException {
        for (String name : List.of("heun", "dpm_by_length", "unipc_by_length")) {
            try (TextToImage painter = TextToImage.builder(path("sd3")).steps(TinyPipelines.STEPS)
                    .scheduler(scheduler("sd3-gold/" + name)).build()) {
                assertLatents("sd3-gold/" + name, 0, painter.draw(asked()));
            }
        }
    }

    /** Checkpoints that predict v come with files that say nothing of it: the scheduler that is given is believed. */
    @Test
    void whatTheModelPredictsIsTheSchedulersToSay() throws IOException {
        SchedulerConfig velocity = scheduler("sd-gold/euler").with("prediction_type", "v_prediction");
        try (TextToImage painter = TextToImage.builder(path("sd")).steps(TinyPipelines.STEPS).scheduler(velocity)
                .build()) {
            assertLatents("sd-gold/velocity", 0, painter.draw(asked()));
        }
        SchedulerConfig mixed = scheduler("sd-gold/pndm").with("prediction_type", "v_prediction");
        try (TextToImage painter = TextToImage.builder(path("sd")).steps(TinyPipelines.STEPS).scheduler(mixed)
                .build()) {
            assertLatents("sd-gold/pndm_velocity", 0, painter.draw(asked()));
        }
        SchedulerConfig flow = scheduler("sd3-gold/unshifted");
        String message = assertThrows(IllegalArgumentException.class,
                () -> TextToImage.builder(path("sd")).scheduler(flow).build()).getMessage();
        assertEquals(
                "prediction_type FLOW: must be EPSILON, as pipeline " + path("sd") + " predicts by its own scheduler",
                message);
    }
}
