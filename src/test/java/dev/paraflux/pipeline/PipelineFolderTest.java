package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault of a folder is a sentence that names the file, and what is legal. */
class PipelineFolderTest {
    @TempDir
    Path scratch;

    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        folder = TinyPipelines.copy("sd", scratch.resolve("sd"));
    }

    private void replace(String file, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertTrue(text.contains(from), text);
        Files.writeString(folder.resolve(file), text.replace(from, to));
    }

    private void assertRefused(String words) {
        Exception refusal = assertThrows(Exception.class, () -> PipelineFolder.read(folder));
        assertTrue(refusal instanceof IOException || refusal instanceof IllegalArgumentException, refusal.toString());
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }

    @Test
    void aFolderTellsWhatItIs() throws IOException {
        PipelineFolder sd = PipelineFolder.read(folder);

        assertEquals(PipelineKind.STABLE_DIFFUSION, sd.kind());
        assertEquals("sd", sd.name());
        assertEquals(new PictureSize(32, 32), sd.defaultSize());
        assertEquals(4, sd.sizeStep());
        PipelineFolder sd3 = PipelineFolder.read(TinyPipelines.path("sd3"));
        assertEquals(PipelineKind.STABLE_DIFFUSION_3, sd3.kind());
        assertEquals(8, sd3.sizeStep());
        assertEquals(28, sd3.kind().steps());
    }

    @Test
    void classesOfOptimumAndOfOtherPurposesAreTheSamePipeline() throws IOException {
        for (String name : new String[] {"ORTStableDiffusionPipeline", "StableDiffusionInpaintPipeline",
                "OnnxStableDiffusionPipeline"}) {
            Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": \"" + name + "\"}");
            assertEquals(PipelineKind.STABLE_DIFFUSION, PipelineFolder.read(folder).kind());
        }
    }

    @Test
    void anotherClassIsRefused() throws IOException {
        replace("model_index.json", "StableDiffusionPipeline", "FluxPipeline");
        assertRefused("model_index.json: _class_name \"FluxPipeline\": must be one of StableDiffusionPipeline,"
                + " StableDiffusionXLPipeline, StableDiffusion3Pipeline, LatentConsistencyModelPipeline, or one of"
                + " Optimum's");
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Files.delete(folder.resolve("vae_decoder/model.onnx"));
        assertRefused("vae_decoder has none of model.onnx, model.pt, model.pt2, but config.json: export the pipeline");
        Files.writeString(folder.resolve("unet/model.pt"), "");
        assertRefused("unet has model.onnx and model.pt: leave one of them");
        Files.delete(folder.resolve("text_encoder/config.json"));
        assertRefused("text_encoder has no config.json: it tells how many tokens it takes");
        Files.delete(folder.resolve("vae_decoder/config.json"));
        assertRefused("vae_decoder has no config.json: it tells the size and the scale of the latents");
        Files.delete(folder.resolve("scheduler/scheduler_config.json"));
        Files.delete(folder.resolve("scheduler"));
        assertRefused(
                "scheduler is missing, with its scheduler_config.json: it tells the noise schedule and the solver");
        Files.delete(folder.resolve("model_index.json"));
        assertRefused("has no model_index.json: it must be the folder of the whole pipeline");
    }

    @Test
    void whatChangesAPipelineInPythonIsToldToBeFusedThere() throws IOException {
        Path lora = Files.createDirectories(scratch.resolve("lora"));
        Files.writeString(lora.resolve("pytorch_lora_weights.safetensors"), "");
        folder = lora;
        assertRefused(
                "lora is none: its pytorch_lora_weights.safetensors is a LoRA, which is not applied here: load the"
                        + " pipeline in Python, then load_lora_weights, fuse_lora, unload_lora_weights and save_pretrained, and"
                        + " export what that writes");
        Files.move(lora.resolve("pytorch_lora_weights.safetensors"), lora.resolve("learned_embeds-steps-2000.bin"));
        assertRefused("is of textual inversion, which is not applied here: load the pipeline in Python, then"
                + " load_textual_inversion and save_pretrained");
        folder = lora.resolve("learned_embeds-steps-2000.bin");
        assertRefused(
                "is a file: it must be a folder; a checkpoint is loaded in Python by from_single_file; a LoRA by");
    }

    /** The embeddings of such tokens are in the text encoder: one from before has none. */
    @Test
    void aTokenThatTheEncoderDoesNotKnowIsNamed() throws IOException {
        Files.writeString(folder.resolve("tokenizer/added_tokens.json"), "{\"<cat-toy>\": 599}");
        String message = assertThrows(IllegalArgumentException.class,
                () -> TextToImage.builder(folder).steps(1).build()).getMessage();
        assertTrue(message.endsWith("config.json: vocab_size 599: must be above 599, the id of token <cat-toy> of "
                + folder.resolve("tokenizer") + ": export the text encoder after load_textual_inversion"), message);
    }

    @Test
    void aFolderOfDiffusersItselfIsToldToBeExported() throws IOException {
        Files.move(folder.resolve("vae_decoder"), folder.resolve("vae"));
        assertRefused("has weights without programs, as diffusers saves them: python tools/export_pipeline.py " + folder
                + " MINE writes");
    }

    @Test
    void aVaeOfOtherChannelsIsRefused() throws IOException {
        replace("vae_decoder/config.json", "\"latent_channels\": 4", "\"latent_channels\": 16");
        assertRefused("config.json: in_channels 4: must be 16, the latent_channels of vae_decoder");
    }

    @Test
    void scalesAndSizesThatNothingHasAreRefused() throws IOException {
        replace("vae_decoder/config.json", "\"latents_mean\": null", "\"latents_mean\": [0, 0, 0, 0]");
        replace("vae_decoder/config.json", "\"latents_std\": null", "\"latents_std\": [1, 1, 0, 1]");
        assertRefused("vae_decoder/config.json: latents_std[2] 0: must be 1.0E-6 to 1000000.0");
        replace("vae_decoder/config.json", "[1, 1, 0, 1]", "[1, 1, 1, 1]");
        replace("vae_decoder/config.json", "0.18215", "1e-300");
        assertRefused("vae_decoder/config.json: scaling_factor 1.0E-300: must be 1.0E-6 to 1000000.0");
        replace("vae_decoder/config.json", "1e-300", "1");
        replace("unet/config.json", "\"sample_size\": 8", "\"sample_size\": 65536");
        assertRefused("unet/config.json: sample_size, times 4: size \"262144x262144\": must be of at most 16777216"
                + " pixels");
    }

    @Test
    void aTokenizerOfFewerTokensThanItsEncoderTakesIsFollowed() throws IOException {
        replace("tokenizer/tokenizer_config.json", "\"model_max_length\": 77", "\"model_max_length\": 8");
        try (TextToImage painter = TextToImage.builder(folder).steps(2).build()) {
            DrawnPicture drawn = painter.draw(PictureRequest.of("a red square ".repeat(4)));
            assertTrue(drawn.lost().endsWith("a red square"), drawn.lost());
        }
        for (String name : new String[] {"sdxl", "sd3"}) {
            folder = TinyPipelines.copy(name, scratch.resolve(name));
            replace("tokenizer/tokenizer_config.json", "\"model_max_length\": 77", "\"model_max_length\": 8");
            Exception refusal = assertThrows(IllegalArgumentException.class,
                    () -> TextToImage.builder(folder).build());
            assertTrue(refusal.getMessage().contains("tokenizer_2: number of tokens 77: must be 8, as the first"),
                    refusal.getMessage());
        }
    }

    @Test
    void aDamagedTextEncoderIsRefusedAsAnyFileIs() throws IOException {
        Files.writeString(folder.resolve("text_encoder/model.onnx"), "no graph");
        IOException refusal = assertThrows(IOException.class, () -> TextToImage.builder(folder).build());
        assertTrue(refusal.getMessage().contains("text_encoder/model.onnx is"), refusal.getMessage());
    }

    @Test
    void aUnetThatTakesMoreIsRefused() throws IOException {
        replace("unet/config.json", "\"class_embed_type\": null", "\"class_embed_type\": \"timestep\"");
        assertRefused(
                "config.json: class_embed_type \"timestep\": must be null: a UNet that takes more than time and text");
    }

    @Test
    void t5IsToldOf() throws IOException {
        replace("model_index.json", "\"tokenizer\": [", "\"text_encoder_3\": [\"transformers\", \"T5EncoderModel\"],"
                + " \"tokenizer\": [");
        assertRefused(
                "text_encoder_3 [\"transformers\",\"T5EncoderModel\"]: must be [null, null] for a pipeline that is"
                        + " not of Stable Diffusion 3");
        assertFalse(PipelineFolder.read(TinyPipelines.path("sd3")).needsT5());
    }

    @Test
    void aSizeThatIsNoMultipleIsRefused() throws IOException {
        PipelineFolder read = PipelineFolder.read(folder);
        Exception refusal = assertThrows(IllegalArgumentException.class,
                () -> read.requireSize(new PictureSize(32, 30)));
        assertEquals("size 32x30: must be of a width and height that are multiples of 4 pixels, for pipeline " + folder,
                refusal.getMessage());
    }

    @Test
    void partsThatDoNotFitOneAnotherAreToldWhenTheyAreLoaded() throws IOException {
        replace("unet/config.json", "\"cross_attention_dim\": 16", "\"cross_attention_dim\": 24");
        Exception unet = assertThrows(IllegalArgumentException.class, () -> TextToImage.builder(folder).build());
        assertTrue(unet.getMessage().contains("model.onnx"), unet.getMessage());
        replace("unet/config.json", "\"cross_attention_dim\": 24", "\"cross_attention_dim\": 16");
        for (String file : new String[] {"text_encoder/model.onnx", "tokenizer/vocab.json", "tokenizer/merges.txt"}) {
            Files.delete(folder.resolve(file));
        }
        for (String file : new String[] {"text_encoder/model.onnx", "tokenizer/tokenizer.json"}) {
            Files.copy(TinyPipelines.path("sdxl").resolve(file), folder.resolve(file));
        }
        Exception text = assertThrows(IllegalStateException.class, () -> TextToImage.builder(folder).build());
        assertTrue(text.getMessage().contains("width of the text's vectors is 8, and unet/config.json says 16"),
                text.getMessage());
    }

    @Test
    void withoutAnEncoderNoPictureIsBegunFrom() throws IOException {
        Files.delete(folder.resolve("vae_encoder/model.onnx"));
        try (TextToImage painter = TextToImage.builder(folder).steps(2).build()) {
            Exception refusal = assertThrows(RuntimeException.class,
                    () -> painter.draw(TinyPipelines.asked().withPicture(new float[3 * 32 * 32], 0.5)));
            assertTrue(refusal.getMessage().contains("vae_encoder has none of model.onnx"), refusal.getMessage());
        }
    }
}
