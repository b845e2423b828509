package dev.paraflux.model.pretrained;

import dev.paraflux.device.Device;
import dev.paraflux.model.Precision;
import java.nio.file.Path;
import java.util.List;

/** A model in memory, as its backend has loaded it. Calls of it may run at the same time, each on one thread. */
public interface LoadedModel extends AutoCloseable {
    /** How rows are given to it. */
    Batching batching();

    /** What it calculates with inside. */
    Precision precision();

    /** Where it works. On another device than the host a call is evaluated as a whole. */
    default Device device() {
        return Device.cpu();
    }

    /** Where the rows that its calls are given lie: there, or on the host where its runtime brings them itself. */
    default Device rowDevice() {
        return device();
    }

    /** The files that it was loaded from, whose bytes tell it from others: the model's own first. */
    List<Path> files();

    /** Whether it takes whole steps of time only. */
    default boolean takesWholeTimes() {
        return false;
    }

    /**
     * Makes the tensors of calls of as many rows as the arguments have. The arguments' memory stays where it is, and is the
     * caller's; their values are set anew before each run.
     */
    ModelCall call(Arguments arguments);

    /** Runs a trial of what it may refuse, without what its runtime prints of refusals, where it prints them. */
    default void tryQuietly(Runnable trial) {
        trial.run();
    }

    /** Frees it, when its calls have been closed. */
    @Override
    void close();
}
