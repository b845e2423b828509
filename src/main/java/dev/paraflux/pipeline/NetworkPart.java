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
import java.util.function.Function;

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
     * Evaluates it.
     *
     * @param given makes what it is given, of the names of its inputs
     * @throws UncheckedIOException  if it cannot be loaded
     * @throws IllegalStateException if it is closed: it is not loaded again then
     * @throws ModelException        if it fails
     */
    synchronized Map<String, TensorValue> run(Function<PretrainedNetwork, Map<String, TensorValue>> given) {
        if (closed) {
            throw new IllegalStateException("the pipeline of " + file + " is closed");
        }
        try {
            network = network == null ? ModelFile.network(file, options) : network;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        try {
            return network.run(given.apply(network));
        } finally {
            if (!kept) {
                letGo();
            }
        }
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
