package dev.paraflux.model.pretrained;

import dev.paraflux.model.TensorValue;
import java.util.List;
import java.util.Map;

/** A model file that is no denoiser, as its backend has loaded it. Runs of it may overlap. */
public interface LoadedNetwork extends AutoCloseable {
    /** What it takes, by name, in its order. */
    List<String> inputs();

    /**
     * Evaluates it.
     *
     * @param given a value of each input, of float32 or int64, whatever the file itself has
     * @return its outputs in their order, by name; by number, from 0, where it has no names for them. What is no number of
     *         float32, or can be turned into one, is left out
     * @throws RefusedCall if it does not take the values, fails, or answers a value that is not finite
     */
    Map<String, TensorValue> run(Map<String, TensorValue> given);

    /** Frees it. */
    @Override
    void close();
}
