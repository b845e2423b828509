package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowCopies;
import dev.paraflux.device.RowTable;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;

/**
 * Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): {@code m = m_uncond + weight (m_cond - m_uncond)}. Both
 * halves run in one batch of the wrapped model; a row that needs one of them costs one model row. Closing it closes the
 * wrapped model. Thread-safe: calls run one after another.
 */
public final class Guidance extends WrappingDenoiser {
    private final GuidanceOptions options;
    private final GuidanceRescale rescale;
    private int capacity;
    private Batch inner;
    private Buffer states;
    private Buffer predictions;
    private final RowCopies copies = lifetime.own(RowCopies::new);
    private final RowTable combination = lifetime.own(RowTable::new);

    private Guidance(Denoiser model, GuidanceOptions options) {
        super(model);
        this.options = options;
        rescale = options.rescale() > 0 ? new GuidanceRescale(options.rescale(), model.dim()) : null;
    }

    /**
     * Guides away from the unconditional model.
     *
     * @param weight any finite number: 0 is the unconditional model alone and 1 the conditional model alone, at one model
     *               row each; above 1 the condition is amplified, typically 2 to 8
     * @throws IllegalArgumentException if the weight is not finite, or the model cannot run without condition
     */
    public static Guidance of(Denoiser model, double weight) {
        return of(model, GuidanceOptions.weight(weight));
    }

    /** Guides away from a condition of its own, a negative prompt for example. */
    public static Guidance of(Denoiser model, double weight, Condition unconditional) {
        return of(model, GuidanceOptions.weight(weight).withUnconditional(unconditional));
    }

    /**
     * Guides with a rescale, or on an interval of noise levels.
     *
     * @throws IllegalArgumentException if the model cannot take the unconditional condition
     */
    public static Guidance of(Denoiser model, GuidanceOptions options) {
        if (options.weight() != 1) {
            model.requireLegal(options.unconditional());
        }
        return new Guidance(model, options);
    }

    /** The unconditional half has no mask, so that the mask must be seen to outside. */
    @Override
    public void requireLegal(Condition condition) {
        if (condition instanceof Condition.Masked) {
            throw new IllegalValueException("condition", condition,
                    "without a mask under guidance: put Inpainting.of(guidance) around it");
        }
        model.requireLegal(condition);
    }

    /** As many as the model's for one half alone, twice as many where both count. */
    @Override
    public int rowsPerEvaluation(NoiseLevel level) {
        return (options.pairs(level) ? 2 : 1) * model.rowsPerEvaluation(level);
    }

    @Override
    void prepareOpen(int rows) {
        reserve(rows);
        if (options.pairsSomewhere()) {
            model.prepare(2 * rows);
        }
        if (!options.pairsEverywhere()) {
            model.prepare(rows);
        }
    }

    @Override
    void evaluateOpen(Batch batch) {
        reserve(batch.size());
        int pairs = 0;
        for (int i = 0; i < batch.size(); i++) {
            pairs += options.pairs(batch.level(i)) ? 1 : 0;
        }
        if (pairs == 0) {
            evaluateHalves(batch);
        } else {
            evaluatePairs(batch, pairs);
        }
    }

    /** Every row needs one half: the model reads and writes them where they are. */
    private void evaluateHalves(Batch batch) {
        inner.begin(batch.states(), batch.stateRow(0), batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            NoiseLevel level = batch.level(i);
            inner.add(level, options.dropsCondition(level) ? options.unconditional() : batch.condition(i));
        }
        inner.evaluateBy(model);
    }

    /** The conditional half of every row, and after them the unconditional halves of the rows that have one. */
    private void evaluatePairs(Batch batch, int pairs) {
        int n = batch.size();
        allocate(batch.states());
        copies.clear();
        inner.begin(states, 0, predictions, 0);
        for (int i = 0; i < n; i++) {
            copies.add(batch.states(), batch.stateRow(i), states, i);
            inner.add(batch.level(i), batch.condition(i));
        }
        for (int i = 0, second = n; second < n + pairs; i++) {
            if (options.pairs(batch.level(i))) {
                copies.add(batch.states(), batch.stateRow(i), states, second++);
                inner.add(batch.level(i), options.unconditional());
            }
        }
        copies.copy();
        inner.evaluateBy(model);
        combine(batch);
    }

    private void combine(Batch batch) {
        combination.clear();
        copies.clear();
        double weight = options.weight();
        int second = batch.size();
        for (int i = 0; i < batch.size(); i++) {
            if (options.pairs(batch.level(i))) {
                double scale = rescale == null ? 1 : rescale.factor(weight, predictions, i, second);
                combination.into(batch.predictions(), batch.predictionRow(i))
                        .plus(scale * weight, predictions, i)
                        .plus(scale * (1 - weight), predictions, second++);
            } else {
                copies.add(predictions, i, batch.predictions(), batch.predictionRow(i));
            }
        }
        combination.update();
        copies.copy();
    }

    private void reserve(int rows) {
        if (rows > capacity) {
            inner = new Batch(2 * rows);
            freeRows();
            capacity = rows;
        }
    }

    private void allocate(Buffer like) {
        if (predictions == null) {
            states = states == null ? rowsLike(like) : states;
            predictions = rowsLike(like);
        }
    }

    private Buffer rowsLike(Buffer like) {
        return lifetime.own(() -> like.device().allocate(2 * capacity, like.dim()));
    }

    private void freeRows() {
        if (states != null) {
            states.close();
            states = null;
        }
        if (predictions != null) {
            predictions.close();
            predictions = null;
        }
    }

    @Override
    void release() {
        freeRows();
        copies.close();
        combination.close();
    }

    @Override
    Description description() {
        return options.description();
    }
}
