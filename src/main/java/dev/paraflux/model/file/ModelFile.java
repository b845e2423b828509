package dev.paraflux.model.file;

import dev.paraflux.model.ModelException;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.pretrained.PretrainedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads model files of every kind that the library runs: TorchScript modules ({@code .pt}), ONNX graphs ({@code .onnx}),
 * and packages that AOTInductor compiled ({@code .pt2}). What a file is, its bytes tell, not its name.
 *
 * <p>TorchScript modules are programs, compiled packages machine code: load only files that you would run. ONNX graphs are
 * data.
 */
public final class ModelFile {
    /** All that run model files, whether or not they are there. */
    public static final List<Backend> BACKENDS = Stream.of(ModelFileKind.values())
            .map(ModelFileKind::backend).toList();

    private ModelFile() {}

    /**
     * Loads a model whose card lies beside it ({@link ModelCard#beside}).
     *
     * @throws IOException              if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalArgumentException if the card is illegal, or the model does not take what the card says
     * @throws IllegalStateException    if what runs it is not there; the message says what is missing
     * @throws ModelException           if the model's own code raises an error on a row
     */
    public static PretrainedDenoiser load(Path file) throws IOException {
        return load(file, LoadOptions.DEFAULT);
    }

    /** The same with threads and precision of one's own. */
    public static PretrainedDenoiser load(Path file, LoadOptions options) throws IOException {
        // A file of another kind has no card: what it is says more than what is missing beside it.
        Backend backend = backend(file);
        return PretrainedDenoiser.load(backend, file, ModelCard.read(ModelCard.beside(file)), options);
    }

    /** Loads a model whose card the caller has. */
    public static PretrainedDenoiser load(Path file, ModelCard card, LoadOptions options) throws IOException {
        return PretrainedDenoiser.load(backend(file), file, card, options);
    }

    /**
     * Loads a model that is no denoiser: a text encoder, or either half of an autoencoder.
     *
     * @throws IOException           if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalStateException if what runs it is not there; the message says what is missing
     */
    public static PretrainedNetwork network(Path file, LoadOptions options) throws IOException {
        return PretrainedNetwork.load(backend(file), file, options);
    }

    /**
     * The digest of a model's weights, without loading it: what tells it from others ({@link PretrainedDenoiser#identity}).
     *
     * @return 64 hexadecimal digits
     * @throws IOException           if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalStateException if a file cannot be read to its end, or what reads it is not there
     */
    public static String sha256(Path file) throws IOException {
        return PretrainedDenoiser.sha256(backend(file), file);
    }

    /**
     * Who runs a file.
     *
     * @throws IOException if nobody does; it says what the file is, and what to do
     */
    public static Backend backend(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("model file " + file + " does not exist or is not a file");
        }
        return ModelFileKind.of(file).backend();
    }
}
