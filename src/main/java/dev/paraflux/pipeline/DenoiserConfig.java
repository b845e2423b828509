package dev.paraflux.pipeline;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@code unet/config.json} or {@code transformer/config.json} says of what denoises.
 *
 * @param channels of a latent
 * @param height   of a latent of the size that it was trained on
 * @param width    likewise
 * @param patch    latents that are denoised as one, on each side: heights and widths are multiples of it
 * @param text     width of the text's vectors
 * @param pooled   values of the text's pooled vector; 0 if it takes none
 * @param guidance values that it is told the guidance weight by; 0 if it takes none
 */
record DenoiserConfig(int channels, int height, int width, int patch, int text, int pooled, int guidance) {
    /** Numbers that tell a UNet of XL the picture's size, and of what it is a cut. */
    static final int SIZES = 6;
    private static final int MOST = 1 << 16;

    static DenoiserConfig read(Path folder, PipelineKind kind) throws IOException {
        JsonValue json = JsonFile.read(PipelineFolder.required(folder, "config.json",
                "it tells the shape of the latents and of the text's vectors")).requireObject();
        return kind == PipelineKind.STABLE_DIFFUSION_3 ? ofTransformer(json) : ofUnet(json, kind);
    }

    private static DenoiserConfig ofTransformer(JsonValue json) {
        int[] sides = sides(json.get("sample_size"));
        return new DenoiserConfig(size(json, "in_channels"), sides[0], sides[1], size(json, "patch_size"),
                size(json, "joint_attention_dim"), size(json, "pooled_projection_dim"), 0);
    }

    private static DenoiserConfig ofUnet(JsonValue json, PipelineKind kind) {
        for (String key : List.of("class_embed_type", "encoder_hid_dim_type")) {
            if (json.has(key)) {
                throw json.get(key).wrong("null: a UNet that takes more than time and text is not run");
            }
        }
        boolean xl = kind == PipelineKind.STABLE_DIFFUSION_XL;
        if (xl) {
            json.get("addition_embed_type").choice(Map.of("text_time", true));
        } else if (json.has("addition_embed_type")) {
            throw json.get("addition_embed_type").wrong("null, for a pipeline that is not of Stable Diffusion XL");
        }
        int pooled = 0;
        if (xl) {
            JsonValue all = json.get("projection_class_embeddings_input_dim");
            int times = SIZES * size(json, "addition_time_embed_dim");
            pooled = all.integer(times + 1, MOST) - times;
        }
        int[] sides = sides(json.get("sample_size"));
        int guidance = json.has("time_cond_proj_dim") ? json.get("time_cond_proj_dim").integer(4, MOST) : 0;
        return new DenoiserConfig(size(json, "in_channels"), sides[0], sides[1], 1, size(json, "cross_attention_dim"),
                pooled, guidance);
    }

    private static int size(JsonValue json, String key) {
        return json.get(key).integer(1, MOST);
    }

    /** Height and width. */
    private static int[] sides(JsonValue size) {
        if (size.toString().startsWith("[")) {
            List<JsonValue> both = size.list();
            if (both.size() != 2) {
                throw size.wrong("a whole number, or a list of height and width");
            }
            return new int[] {both.get(0).integer(1, MOST), both.get(1).integer(1, MOST)};
        }
        return new int[] {size.integer(1, MOST), size.integer(1, MOST)};
    }
}
