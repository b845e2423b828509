package dev.paraflux.pipeline;

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
     * @throws UncheckedIOException if it cannot be loaded
     */
    synchronized Map<String, TensorValue> run(Function<PretrainedNetwork, Map<String, TensorValue>> given) {
        try {
            network = network == null ? ModelFile.network(file, options) : network;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        try {
            return network.run(given.apply(network));
        } finally {
            if (!kept) {
                close();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (network != null) {
            network.close();
            network = null;
        }
    }
}
