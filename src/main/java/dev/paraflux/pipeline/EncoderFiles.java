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
 * @param vocabulary  ids of tokens that its network knows, from 0 on
 * @param normEpsilon what its last layer's norm adds to the variance
 */
record EncoderFiles(Path tokenizer, Path model, int length, int layers, int vocabulary, double normEpsilon) {
    /** What transformers' CLIPTextConfig has where a file says nothing. */
    private static final int LAYERS = 12;
    private static final int VOCABULARY = 49_408;
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
            all.add(new EncoderFiles(tokenizer, file, length, number(config, "num_hidden_layers", LAYERS, MOST_LAYERS),
                    number(config, "vocab_size", VOCABULARY, Integer.MAX_VALUE), epsilon(config)));
        }
        return List.copyOf(all);
    }

    private static int number(JsonValue config, String key, int byDefault, int most) {
        return config.get(key).isPresent() ? config.get(key).integer(1, most) : byDefault;
    }

    private static double epsilon(JsonValue config) {
        JsonValue epsilon = config.get("layer_norm_eps");
        return epsilon.isPresent() ? epsilon.number(value -> value > 0 && value < 1, "a number above 0 and below 1")
                : NORM_EPSILON;
    }
}
