package dev.paraflux.model.pretrained;

import dev.paraflux.device.Queue;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.UnwantedException;
import java.util.function.BooleanSupplier;

/**
 * The tensors of calls of one number of rows, made once and used again and again. For one thread at a time, not always the
 * same one; others may run other calls of the same model meanwhile.
 */
public interface ModelCall extends AutoCloseable {
    /**
     * Evaluates rows, at the arguments' present values.
     *
     * @param statesAt      address of x, float32 [rows, shape of a sample], dense, C order
     * @param predictionsAt address that the predictions are written to, likewise; it does not lie on the states
     * @param queue         what the rows are computed on, and goes on with the predictions, where the model works on another
     *                      device than the host: they are there in its order, and need not be on return. Else null
     * @param unwanted      whether nobody waits for the predictions any more; may be asked on any thread while it runs
     * @throws RefusedCall    if the runtime does not take the arguments, or what is answered is no prediction
     * @throws ModelException if the model's own code raises an error
     * @throws UnwantedException if it has ended early, which it may where nobody waits
     */
    void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted);

    /** Whether the last run has changed x or the arguments in place, as far as the backend can tell. */
    default boolean hasChangedInputs() {
        return false;
    }

    /** What would help after a run was refused, beginning with a lower-case letter; empty if nothing is known. */
    default String hint() {
        return "";
    }

    @Override
    void close();
}
