package dev.paraflux.pipeline;

import static dev.paraflux.pipeline.TinyPipelines.asked;
import static dev.paraflux.pipeline.TinyPipelines.assertLatents;
import static dev.paraflux.pipeline.TinyPipelines.difference;
import static dev.paraflux.pipeline.TinyPipelines.path;
import static dev.paraflux.pipeline.TinyPipelines.picture;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.RunOptions;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A UNet that was distilled for guidance, and takes the weight as an input. */
class DistilledPipelineTest {
    private static final double LATENTS = 5e-4;

    @TempDir
    static Path scratch;
    private static Path folder;

    @BeforeAll
    static void copy() throws IOException {
        folder = TinyPipelines.withUnet("sd-lcm", scratch.resolve("distilled"));
    }

    @Test
    void fourStepsAtTheUsualWeightAreThoseOfDiffusers() throws IOException {
        SchedulerConfig lcm = SchedulerConfig.read(path("sd-gold/lcm.json"));
        try (TextToImage painter = TextToImage.builder(folder).scheduler(lcm).build()) {
            PictureRequest plain = PictureRequest.of(TinyPipelines.PROMPT).withSeed(TinyPipelines.SEED);
            // Of one call each row has its own weight.
            List<DrawnPicture> drawn = painter.draw(List.of(plain.withGuidance(8.5), plain.withGuidance(2), plain),
                    RunOptions.defaults());
            assertLatents("sd-gold/weight_taken", 0, LATENTS, drawn.get(0));
            assertLatents("sd-gold/weight_taken", 0, LATENTS, drawn.get(2));
            assertTrue(difference(drawn.get(0).latents(), drawn.get(1).latents()) > 0.01);
            assertEquals(4, drawn.get(0).sample().stats().evaluations());
            assertEquals(4, drawn.get(0).sample().stats().modelRows());
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> painter.draw(plain.withPicture(picture(), 0.5))).getMessage()
                    .contains("of LatentConsistencyModelPipeline, whose strength means other steps"));
        }
    }

    /** The same UNet in a pipeline of Stable Diffusion: what is not to be shown is not asked for. */
    @Test
    void aPlainPipelineTellsTheWeightToo() throws IOException {
        Path index = folder.resolve("model_index.json");
        String named = Files.readString(index);
        try {
            Files.writeString(index, named.replace("LatentConsistencyModelPipeline", "StableDiffusionPipeline"));
            SchedulerConfig ddim = SchedulerConfig.read(path("sd-gold/ddim.json")).with("set_alpha_to_one", true);
            try (TextToImage painter = TextToImage.builder(folder).steps(TinyPipelines.STEPS).scheduler(ddim).build()) {
                assertLatents("sd-gold/weight_taken_ddim", 0, LATENTS, painter.draw(asked().withGuidance(3)));
            }
        } finally {
            Files.writeString(index, named);
        }
    }

    /** As diffusers' get_guidance_scale_embedding gives it in float32. */
    @Test
    void theWeightIsToldBySinesAndCosines() {
        assertArrayEquals(new float[] {0, 0, 1, 1}, GuidanceVector.of(1, 4));
        float[] odd = GuidanceVector.of(8.5, 9);
        assertEquals(9, odd.length);
        assertEquals(0, odd[8]);
        // Angles are 7500 / 10000^(i/3).
        for (int i = 0; i < 4; i++) {
            double angle = 7500 * Math.pow(10000, -i / 3.0);
            assertEquals(Math.sin(angle), odd[i], 1e-3);
            assertEquals(Math.cos(angle), odd[4 + i], 1e-3);
        }
    }
}
