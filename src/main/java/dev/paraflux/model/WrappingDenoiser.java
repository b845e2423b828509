package dev.paraflux.model;

import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Lifetime;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.Objects;

/** What a denoiser around another one does: speaks for it, lets one call in at a time, and closes it with itself. */
abstract class WrappingDenoiser implements Denoiser {
    final Denoiser model;
    private final int dim;
    final Lifetime lifetime = new Lifetime(getClass().getSimpleName());

    WrappingDenoiser(Denoiser model) {
        this.model = Objects.requireNonNull(model, "model");
        dim = Require.between(1, Buffer.MAX_DIM, "dim", model.dim());
    }

    /** Evaluates while it cannot be closed. */
    abstract void evaluateOpen(Batch batch);

    /** Prepares while it cannot be closed. */
    void prepareOpen(int rows) {
        model.prepare(rows);
    }

    /** What it does to the model, with every setting that changes what is predicted. */
    abstract Description description();

    /** Frees what belongs to it, the model excepted; nothing if it took nothing. */
    void release() {}

    @Override
    public int[] shape() {
        return model.shape();
    }

    @Override
    public int dim() {
        return dim;
    }

    @Override
    public Prediction prediction() {
        return model.prediction();
    }

    /** What it does, then what the model does. */
    @Override
    public final ModelIdentity identity() {
        return model.identity().in(description());
    }

    @Override
    public void requireLegal(Condition condition) {
        model.requireLegal(condition);
    }

    @Override
    public void requireLegal(Conditioning conditioning) {
        model.requireLegal(conditioning);
    }

    @Override
    public void requireLegal(NoiseLevel level) {
        model.requireLegal(level);
    }

    @Override
    public int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        return model.rowsPerEvaluation(level, conditioning);
    }

    @Override
    public final synchronized void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        lifetime.acquire();
        try {
            prepareOpen(rows);
        } finally {
            lifetime.release();
        }
    }

    @Override
    public final synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            batch.acquire(dim);
            try {
                evaluateOpen(batch);
            } finally {
                batch.release();
            }
        } finally {
            lifetime.release();
        }
    }

    @Override
    public final String toString() {
        return description() + " around " + model;
    }

    /**
     * Frees what it holds, and closes the model. A second call does nothing.
     *
     * @throws IllegalStateException if it is in use; it stays open
     */
    @Override
    public final void close() {
        // A model that is in use elsewhere refuses, and this stays open with it.
        if (lifetime.closeWith(model::close)) {
            release();
        }
    }
}
