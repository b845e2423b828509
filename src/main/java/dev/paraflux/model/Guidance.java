package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.RowCopies;
import dev.paraflux.device.RowTable;
import dev.paraflux.schedule.Prediction;

/**
 * Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): {@code m = m_uncond + weight (m_cond - m_uncond)}. Both
 * halves run in one batch of the wrapped model. Closing it closes the wrapped model.
 */
public final class Guidance implements Denoiser {
    private final Denoiser model;
    private final double weight;
    private final Condition unconditional;
    private final Lifetime lifetime = new Lifetime("Guidance");
    private int capacity;
    private Batch pairs;
    private Buffer states;
    private Buffer predictions;
    private RowCopies copies;
    private RowTable combination;

    private Guidance(Denoiser model, double weight, Condition unconditional) {
        this.model = model;
        this.weight = weight;
        this.unconditional = unconditional;
    }

    /**
     * Guides away from the unconditional model.
     *
     * @param weight any finite number: 0 is the unconditional model alone and 1 the conditional model alone, at one model
     *               row each; above 1 the condition is amplified, typically 2 to 8
     * @throws IllegalArgumentException if the weight is not finite, or the model cannot run without condition
     */
    public static Guidance of(Denoiser model, double weight) {
        return of(model, weight, Condition.none());
    }

    /** Guides away from a condition of its own, a negative prompt for example. */
    public static Guidance of(Denoiser model, double weight, Condition unconditional) {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException("guidance weight " + weight + ": must be a finite number");
        }
        if (weight != 1) {
            model.requireLegal(unconditional);
        }
        return new Guidance(model, weight, unconditional);
    }

    @Override
    public int[] shape() {
        return model.shape();
    }

    @Override
    public Prediction prediction() {
        return model.prediction();
    }

    @Override
    public void requireLegal(Condition condition) {
        model.requireLegal(condition);
    }

    @Override
    public int rowsPerEvaluation() {
        return (weight == 0 || weight == 1 ? 1 : 2) * model.rowsPerEvaluation();
    }

    @Override
    public synchronized void prepare(int rows) {
        lifetime.acquire();
        try {
            reserve(rows);
            model.prepare(weight == 0 || weight == 1 ? rows : 2 * rows);
        } finally {
            lifetime.release();
        }
    }

    @Override
    public synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            if (weight == 1) {
                model.evaluate(batch);
            } else if (weight == 0) {
                evaluateUnconditional(batch);
            } else {
                evaluatePairs(batch);
            }
        } finally {
            lifetime.release();
        }
    }

    private void evaluateUnconditional(Batch batch) {
        reserve(batch.size());
        pairs.begin(batch.states(), batch.stateRow(0), batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            pairs.add(batch.level(i), unconditional);
        }
        model.evaluate(pairs);
    }

    private void evaluatePairs(Batch batch) {
        int n = batch.size();
        reserve(n);
        allocate(batch.states());
        copies.clear();
        pairs.begin(states, 0, predictions, 0);
        for (int i = 0; i < 2 * n; i++) {
            copies.add(batch.states(), batch.stateRow(i % n), states, i);
            pairs.add(batch.level(i % n), i < n ? batch.condition(i) : unconditional);
        }
        copies.copy();
        model.evaluate(pairs);
        combination.clear();
        for (int i = 0; i < n; i++) {
            combination.into(batch.predictions(), batch.predictionRow(i))
                    .plus(weight, predictions, i)
                    .plus(1 - weight, predictions, n + i);
        }
        combination.update();
    }

    private void reserve(int rows) {
        if (rows > capacity) {
            release();
            capacity = rows;
            pairs = new Batch(2 * rows);
        }
    }

    private void allocate(Buffer like) {
        if (states == null) {
            states = like.device().allocate(2 * capacity, like.dim());
            predictions = like.device().allocate(2 * capacity, like.dim());
            copies = new RowCopies();
            combination = new RowTable();
        }
    }

    private void release() {
        if (states != null) {
            states.close();
            predictions.close();
            states = null;
        }
    }

    @Override
    public void close() {
        if (lifetime.close()) {
            release();
            model.close();
        }
    }

    @Override
    public String toString() {
        return model + " with guidance " + weight;
    }
}
