package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Lifetime;
import java.security.MessageDigest;
import java.util.Objects;

/** A denoiser of data whose prediction has a closed form: rows of a shape, labels from 0 on, and one call at a time. */
abstract class ClosedFormDenoiser implements Denoiser {
    final Lifetime lifetime = new Lifetime(getClass().getSimpleName());
    private final int[] shape;
    private final int dim;

    /** @param shape one size or more, each 1 or more */
    ClosedFormDenoiser(int[] shape) {
        this.shape = shape.clone();
        dim = Shapes.dim("shape", this.shape);
    }

    /** How many labels there are, 0 or more. */
    abstract int labels();

    /** Evaluates a batch that is held and asks for what is legal. */
    abstract void evaluateHeld(Batch batch);

    /** Frees what it holds. */
    void free() {}

    /** A digest that begins with the shape. */
    final MessageDigest digest() {
        MessageDigest digest = Sha256.begin();
        for (int size : shape) {
            Sha256.add(digest, size);
        }
        return digest;
    }

    @Override
    public final int[] shape() {
        return shape.clone();
    }

    @Override
    public final int dim() {
        return dim;
    }

    @Override
    public final void requireLegal(Condition condition) {
        Objects.requireNonNull(condition, "condition");
        if (condition instanceof Condition.None) {
            return;
        }
        if (labels() == 0 || !(condition instanceof Condition.Label label)) {
            throw new IllegalValueException("condition", condition,
                    labels() == 0 ? "none, for this model has no labels" : "none or a label, for this model");
        }
        Require.between(0, labels() - 1, "label", label.label());
    }

    @Override
    public final void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        lifetime.requireOpen();
    }

    @Override
    public final synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            batch.acquire(this);
            try {
                for (int i = 0; i < batch.size(); i++) {
                    requireLegal(batch.conditioning(i));
                }
                evaluateHeld(batch);
            } finally {
                batch.release();
            }
        } finally {
            lifetime.release();
        }
    }

    @Override
    public final void close() {
        if (lifetime.close()) {
            free();
        }
    }
}
