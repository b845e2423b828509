package dev.paraflux.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that change a pipeline in Python, before it is exported, and are no part of it: LoRAs, and textual inversion. */
final class Adapters {
    private static final String WEIGHTS = "\\.(safetensors|bin|pt)";
    private static final Pattern LORA = Pattern.compile("(pytorch_lora_weights|adapter_model).*" + WEIGHTS);
    private static final Pattern INVERSION = Pattern.compile("learned_embeds.*" + WEIGHTS);
    private static final String THEN = " and save_pretrained, and export what that writes (docs/pipelines.md)";

    private Adapters() {}

    /** What to do with such a file, if there is one in a folder: a sentence that begins with its name. */
    static Optional<String> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted()
                    .flatMap(name -> advice(name).map(advice -> name + " is " + advice).stream()).findFirst();
        }
    }

    /** Warns of such a file beside a pipeline, which is drawn without it, as diffusers draws. */
    static void tell(Path folder, System.Logger log) throws IOException {
        in(folder).ifPresent(it -> log.log(System.Logger.Level.WARNING, "pipeline " + folder + ": " + it));
    }

    /** The same for a file whose name may say anything. */
    static String ofWeights() {
        return "a checkpoint is loaded in Python by from_single_file; a LoRA by load_lora_weights, with fuse_lora and"
                + " unload_lora_weights after that; textual inversion by load_textual_inversion; then save_pretrained, and"
                + " export what that writes (docs/pipelines.md)";
    }

    private static Optional<String> advice(String name) {
        if (LORA.matcher(name).matches()) {
            return Optional.of("a LoRA, which is not applied here: load the pipeline in Python, then load_lora_weights,"
                    + " fuse_lora, unload_lora_weights" + THEN);
        }
        return INVERSION.matcher(name).matches()
                ? Optional.of("of textual inversion, which is not applied here: load the pipeline in Python, then"
                        + " load_textual_inversion" + THEN)
                : Optional.empty();
    }
}
