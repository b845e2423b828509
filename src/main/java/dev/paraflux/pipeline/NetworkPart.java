package dev.paraflux.pipeline;

import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** A part of a pipeline, loaded when it is first needed, and kept, or let go each time. Thread-safe. */
final class NetworkPart implements AutoCloseable {
    private final Path file;
    private final LoadOptions options;
    private final boolean kept;
    private PretrainedNetwork network;
    private boolean closed;

    NetworkPart(Path file, LoadOptions options, boolean kept) {
        this.file = file;
        this.options = options;
        this.kept = kept;
    }

    Path file() {
        return file;
    }

    /**
     * Evaluates it on its one input.
     *
     * @param legal what such a part takes, for messages: for example {@code a decoder takes one input}
     * @return one answer or more, by name
     * @throws UncheckedIOException  if it cannot be loaded
     * @throws IllegalStateException if it is closed: it is not loaded again then
     * @throws ModelException        if it fails, takes more than one input, or answers nothing
     */
    synchronized Map<String, TensorValue> run(String legal, TensorValue given) {
        if (closed) {
            throw new IllegalStateException("the pipeline of " + file + " is closed");
        }
        try {
            network = network == null ? ModelFile.network(file, options) : network;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        try {
            return answers(legal, given);
        } finally {
            if (!kept) {
                letGo();
            }
        }
    }

    private Map<String, TensorValue> answers(String legal, TensorValue given) {
        if (network.inputs().size() != 1) {
            throw new ModelException("model file " + file + " takes " + network.inputs() + ", and " + legal);
        }
        Map<String, TensorValue> answers = network.run(Map.of(network.inputs().get(0), given));
        if (answers.isEmpty()) {
            throw new ModelException("model file " + file + " answers nothing that is float32");
        }
        return answers;
    }

    @Override
    public synchronized void close() {
        closed = true;
        letGo();
    }

    private void letGo() {
        if (network != null) {
            network.close();
            network = null;
        }
    }
}
