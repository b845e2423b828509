package dev.paraflux.cli.option;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names a model: its card, the digest of its weights, and itself, as far as they are needed. */
public final class ModelFileOptions {
    static final String OPTION = "--model";

    @Option(names = OPTION, paramLabel = "FILE",
            description = "A model of any kind that docs/models.md names, its card beside it under the same name with"
                    + " .json. Default: the demo model.")
    private Path file;

    /** The file that was named; null for the demo model. */
    Path path() {
        return file;
    }

    /** The files that are read, by options; null for those that are not. */
    Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>();
        files.put(OPTION, file);
        files.put("the card of " + OPTION, file == null ? null : ModelCard.beside(file));
        return files;
    }

    /** The content of its card; the model itself need not be there. */
    JsonValue cardJson() throws IOException {
        return file == null ? DemoModel.card()
                : Typed.file(OPTION, file, () -> ModelCard.json(ModelCard.beside(file)));
    }

    /** Its card; the model itself need not be there. */
    ModelCard card() throws IOException {
        return file == null ? ModelCard.of(DemoModel.card())
                : Typed.file(OPTION, file, () -> ModelCard.read(ModelCard.beside(file)));
    }

    /** The digest of its weights; empty where they are not there. */
    Optional<String> sha256() throws IOException {
        if (file == null) {
            return Optional.of(DemoModel.sha256());
        }
        return Files.exists(file) ? Optional.of(Typed.file(OPTION, file, () -> ModelFile.sha256(file)))
                : Optional.empty();
    }

    /** Loads it. */
    public PretrainedDenoiser load(LoadOptions loading) throws IOException {
        return load(OPTION, file, loading);
    }

    /**
     * Loads a model.
     *
     * @param option that names it
     * @param file   null for the demo model
     */
    static PretrainedDenoiser load(String option, Path file, LoadOptions loading) throws IOException {
        return RuntimeOptions.load(option, loading, () -> file == null ? DemoModel.load(loading)
                : Typed.file(option, file, () -> ModelFile.load(file, loading)));
    }
}
