package dev.paraflux.model.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Who runs model files of one kind: libtorch, ONNX Runtime, AOTInductor, or one of your own. It loads a file and runs a
 * batch of named tensors; what is the same for all is done in front of it, by {@link PretrainedDenoiser}: checks of rows and
 * conditions, padding, parts of calls on several threads, the digest of the file.
 */
public interface Backend {
    /** What models of it are called in identities and messages, for example {@code torchscript}. */
    String name();

    /**
     * What runs them, with its version, for example {@code libtorch 2.10.0}.
     *
     * @throws IllegalStateException if it cannot be loaded; the message says what is missing, and what to do
     */
    String runtime();

    /**
     * Loads a file, after checking what can be checked before its runtime sees it. It is then tried on a few rows.
     *
     * @param card what the model takes; its inputs' order is that of a model which knows no names
     * @throws IOException              if the file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalArgumentException if the card or the options do not fit the file; the message names the key
     * @throws IllegalStateException    if the runtime cannot be loaded; the message says what is missing
     */
    LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException;

    /**
     * The files that a model consists of, its own first, found without loading it: those whose bytes are its digest.
     *
     * @throws IOException if the file is missing, damaged, or not what it should be; it says what it is
     */
    default List<Path> files(Path file) throws IOException {
        return List.of(file);
    }

    /**
     * Loads a file that is no denoiser, a text encoder for example.
     *
     * @throws IOException           if the file is missing, damaged, or not what it should be, or this backend runs denoisers
     *                               alone
     * @throws IllegalStateException if the runtime cannot be loaded; the message says what is missing
     */
    default LoadedNetwork network(Path file, LoadOptions options) throws IOException {
        throw new IOException(
                "model file " + file + " is one of " + name() + ", which runs denoisers alone here: export"
                        + " this part of a pipeline to ONNX or TorchScript (tools/README.md)");
    }
}
