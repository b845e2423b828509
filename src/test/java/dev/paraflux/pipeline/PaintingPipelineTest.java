package dev.paraflux.pipeline;

import static dev.paraflux.pipeline.TinyPipelines.asked;
import static dev.paraflux.pipeline.TinyPipelines.assertLatents;
import static dev.paraflux.pipeline.TinyPipelines.mask;
import static dev.paraflux.pipeline.TinyPipelines.path;
import static dev.paraflux.pipeline.TinyPipelines.picture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.RunOptions;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Condition;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A UNet that was trained for inpainting, and takes the mask and the rest of the picture as channels of its input. */
class PaintingPipelineTest {
    private static final double LATENTS = 5e-4;

    @TempDir
    static Path scratch;
    private static Path folder;

    @BeforeAll
    static void copy() throws IOException {
        folder = TinyPipelines.withUnet("sd-inpaint", scratch.resolve("painting"));
    }

    private static TextToImage.Builder painter(String scheduler) throws IOException {
        return TextToImage.builder(folder).steps(TinyPipelines.STEPS)
                .scheduler(SchedulerConfig.read(path("sd-gold/" + scheduler + ".json")));
    }

    @Test
    void thePictureIsThatOfDiffusers() throws IOException {
        PictureRequest all = asked().withPicture(picture(), 1).withMask(mask());
        PictureRequest part = asked().withPicture(picture(), 0.6).withMask(mask());
        try (TextToImage painter = painter("euler").build()) {
            // Together, so that each row of a call has a mask of its own.
            List<DrawnPicture> drawn = painter.draw(List.of(all, part), RunOptions.defaults());
            assertLatents("sd-gold/mask_taken", 0, LATENTS, drawn.get(0));
            assertTrue(TinyPipelines.pixelDifference("sd-gold/mask_taken", 0, drawn.get(0).pixels()) < 0.05);
            assertLatents("sd-gold/mask_taken_begun", 0, LATENTS, drawn.get(1));
        }
        try (TextToImage painter = painter("euler").method(ParaTaa.defaults()).build()) {
            assertLatents("sd-gold/mask_taken", 0, 0.01, painter.draw(all));
        }
    }

    @Test
    void noiseIsDrawnInTheOrderOfDiffusers() throws IOException {
        PictureRequest one = asked().withGuidance(1).withPicture(picture(), 0.6).withMask(mask());
        try (TextToImage painter = painter("euler_ancestral").build()) {
            List<DrawnPicture> drawn = painter.draw(PictureRequest.ofOneGenerator(TinyPipelines.SEED,
                    Collections.nCopies(3, one)), RunOptions.defaults());
            for (int k = 0; k < drawn.size(); k++) {
                assertLatents("sd-gold/mask_taken_three", k, LATENTS, drawn.get(k));
            }
        }
    }

    /** A card alone says the same of a model: any one that takes more channels than its samples have. */
    @Test
    void aCardSaysWhatIsJoined() throws IOException {
        Path model = scratch.resolve("unet.onnx");
        Files.copy(folder.resolve("unet/model.onnx"), model);
        String card = """
                {"format": 1, "shape": [4, 8, 8], "scheduler": {}, "inputs": ["sample", "timestep",
                {"name": "encoder_hidden_states", "shape": [77, 16]},
                {"name": "masked", "shape": [%d, 8, 8], "joined": true},
                {"name": "mask", "shape": [1, 8, 8], "joined": true}]}""";
        Files.writeString(ModelCard.beside(model), card.formatted(4));
        Condition condition = Condition.tensors(Map.of("encoder_hidden_states",
                TensorValue.of(new float[77 * 16], 77, 16),
                "masked", TensorValue.of(new float[256], 4, 8, 8), "mask", TensorValue.of(new float[64], 1, 8, 8)));
        try (PretrainedDenoiser loaded = ModelFile.load(model)) {
            DenoiserChecks.verify(loaded, loaded.card().scheduler().grid(10), condition);
        }
        Files.writeString(ModelCard.beside(model), card.formatted(3));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ModelFile.load(model)).getMessage()
                .contains("shape [8, 8, 8]: must be what the graph declares"));
        Path script = scratch.resolve("named.pt");
        Files.copy(path("named.pt"), script);
        Files.writeString(ModelCard.beside(script), card.formatted(4));
        assertEquals(
                "joined inputs [masked, mask]: must be left out for a model of TorchScript: export it as ONNX, or take"
                        + " them as inputs of its own",
                assertThrows(IllegalArgumentException.class, () -> ModelFile.load(script)).getMessage());
    }

    @Test
    void aMaskMustBeGiven() throws IOException {
        try (TextToImage painter = painter("euler").build()) {
            String missing = "mask missing: must be given with its picture: the unet of pipeline " + folder
                    + " was trained for inpainting, and takes them";
            for (PictureRequest without : List.of(asked(), asked().withPicture(picture(), 0.5))) {
                assertEquals(missing, assertThrows(IllegalArgumentException.class, () -> painter.draw(without))
                        .getMessage());
            }
            Condition text = painter.pipeline().condition(asked());
            assertThrows(IllegalArgumentException.class, () -> painter.pipeline().denoiser().requireLegal(text));
        }
    }
}
