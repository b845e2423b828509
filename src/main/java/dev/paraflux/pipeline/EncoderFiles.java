package dev.paraflux.pipeline;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a text encoder, and what its config.json tells.
 *
 * @param tokenizer   its folder
 * @param model       its file
 * @param length      tokens that it takes, 2 or more
 * @param layers      of its network, 1 or more
 * @param normEpsilon what its last layer's norm adds to the variance
 */
record EncoderFiles(Path tokenizer, Path model, int length, int layers, double normEpsilon) {
    /** What transformers' CLIPTextConfig has where a file says nothing. */
    private static final int LAYERS = 12;
    private static final double NORM_EPSILON = 1e-5;
    private static final int MOST_LAYERS = 1000;

    /** Those that a kind of pipeline runs, in their order. */
    static List<EncoderFiles> read(Path folder, PipelineKind kind) throws IOException {
        List<EncoderFiles> all = new ArrayList<>();
        for (int k = 1; k <= kind.encoders(); k++) {
            String suffix = k == 1 ? "" : "_" + k;
            Path part = folder.resolve("text_encoder" + suffix);
            Path file = PipelineFolder.model(part);
            JsonValue config = JsonFile
                    .read(PipelineFolder.required(part, "config.json", "it tells how many tokens it takes"));
            int length = config.get("max_position_embeddings").integer(2, 1 << 16);
            Path tokenizer = folder.resolve("tokenizer" + suffix);
            if (!Files.isDirectory(tokenizer)) {
                throw new IOException("pipeline part " + tokenizer + " is missing: text_encoder" + suffix + " needs its"
                        + " tokenizer; copy it from where the pipeline is from");
            }
            all.add(new EncoderFiles(tokenizer, file, length, layers(config), epsilon(config)));
        }
        return List.copyOf(all);
    }

    private static int layers(JsonValue config) {
        JsonValue layers = config.get("num_hidden_layers");
        return layers.isPresent() ? layers.integer(1, MOST_LAYERS) : LAYERS;
    }

    private static double epsilon(JsonValue config) {
        JsonValue epsilon = config.get("layer_norm_eps");
        return epsilon.isPresent() ? epsilon.number(value -> value > 0 && value < 1, "a number above 0 and below 1")
                : NORM_EPSILON;
    }
}
