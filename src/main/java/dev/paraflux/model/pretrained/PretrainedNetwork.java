package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.device.Lifetime;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model file that is no denoiser, whoever runs it: a text encoder, or either half of an autoencoder. Named tensors go in,
 * and named tensors come out, each with its batch dimension. Thread-safe; runs may overlap.
 */
public final class PretrainedNetwork implements AutoCloseable {
    private final LoadedNetwork network;
    private final Path file;
    private final Lifetime lifetime = new Lifetime("PretrainedNetwork");

    private PretrainedNetwork(LoadedNetwork network, Path file) {
        this.network = network;
        this.file = file;
    }

    /**
     * Loads a file.
     *
     * @param backend who runs it
     * @throws IOException           if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalStateException if what runs it is not there; the message says what is missing
     */
    public static PretrainedNetwork load(Backend backend, Path file, LoadOptions options) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("model file " + file + " does not exist or is not a file");
        }
        PretrainedNetwork loaded = new PretrainedNetwork(backend.network(file, options), file);
        loaded.lifetime.watch();
        return loaded;
    }

    /** What it takes, by name, in its order. */
    public List<String> inputs() {
        return network.inputs();
    }

    /** Where it was loaded from. */
    public Path file() {
        return file;
    }

    /**
     * Evaluates it.
     *
     * @param given a value of each input, by name
     * @return its outputs in their order, by name; by number, from 0, where it has no names for them
     * @throws IllegalArgumentException if an input is missing, or there is none of such a name
     * @throws ModelException           if it fails, does not take the values, or answers a value that is not finite
     * @throws IllegalStateException    if it is closed
     */
    public Map<String, TensorValue> run(Map<String, TensorValue> given) {
        for (String name : given.keySet()) {
            Require.oneOf(network.inputs(), "input of " + file, name);
        }
        for (String name : network.inputs()) {
            Require.that(given.containsKey(name), "inputs of " + file, given.keySet(), network.inputs().toString());
        }
        lifetime.acquire();
        try {
            return network.run(given);
        } catch (RefusedCall e) {
            throw e.of("model file " + file);
        } finally {
            lifetime.release();
        }
    }

    /**
     * Frees it. A second call does nothing.
     *
     * @throws IllegalStateException if a run is under way on another thread; it stays open
     */
    @Override
    public void close() {
        if (lifetime.close()) {
            network.close();
        }
    }

    @Override
    public String toString() {
        return "network " + file;
    }
}
