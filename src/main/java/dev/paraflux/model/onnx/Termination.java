package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import dev.paraflux.model.Batch;
import java.util.function.BooleanSupplier;

/** Ends runs of one call that nobody wants any more, between two of their operators. */
final class Termination implements AutoCloseable {
    private final RunOptions options;
    /** Of the run that is under way; null between runs. */
    private BooleanSupplier unwanted;
    private boolean terminated;

    Termination() {
        try {
            options = new RunOptions();
        } catch (OrtException e) {
            throw OnnxWords.told(e);
        }
        RunWatch.add(this);
    }

    /** A run begins, with the options that are returned. */
    RunOptions begin(BooleanSupplier newUnwanted) {
        if (newUnwanted != Batch.NEVER_UNWANTED) {
            synchronized (this) {
                unwanted = newUnwanted;
            }
            RunWatch.wake();
        }
        return options;
    }

    /** Ends the run if nobody wants it; whether there is one that somebody could cease to want. */
    synchronized boolean look() {
        if (unwanted != null && !terminated && isUnwanted()) {
            terminate(true);
        }
        return unwanted != null;
    }

    /** A condition that throws ends its own run, and not the looks at all others'. */
    private boolean isUnwanted() {
        try {
            return unwanted.getAsBoolean();
        } catch (RuntimeException | Error e) {
            // Whoever waits for the run asks again, and is told.
            return true;
        }
    }

    private void terminate(boolean wished) {
        try {
            options.setTerminate(wished);
            terminated = wished;
        } catch (OrtException e) {
            throw OnnxWords.told(e);
        }
    }

    /** The run is over; whether it was ended. */
    synchronized boolean end() {
        unwanted = null;
        boolean was = terminated;
        if (was) {
            terminate(false);
        }
        return was;
    }

    @Override
    public void close() {
        RunWatch.remove(this);
        options.close();
    }
}
