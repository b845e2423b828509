package dev.paraflux.model.pretrained;

import dev.paraflux.model.ModelException;
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
     * @throws RefusedCall    if the runtime does not take the values, or a value that is answered is not finite
     * @throws ModelException if the model's own code raises an error
     */
    Map<String, TensorValue> run(Map<String, TensorValue> given);

    /** Frees it. */
    @Override
    void close();
}
