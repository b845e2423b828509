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
    private final Conditioning unconditional;
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
        unconditional = Conditioning.of(options.unconditional());
        rescale = new GuidanceRescale(model.dim());
    }

    /** Guides the samples that ask for it ({@link Conditioning#guidance}); by itself not at all. */
    public static Guidance of(Denoiser model) {
        return of(model, 1);
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
    public void requireLegal(Conditioning conditioning) {
        if (conditioning.mask() != null) {
            throw new IllegalValueException("mask", conditioning.mask(),
                    "none under guidance: put Inpainting.of(guidance) around it");
        }
        model.requireLegal(conditioning.unguided());
        if (conditioning.guidance() != null && conditioning.guidance().weight() != 1) {
            model.requireLegal(conditioning.unconditional());
        }
    }

    /** As many as the model's for one half alone, and those of the other half where both count. */
    @Override
    public int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        GuidanceOptions asked = options(conditioning);
        int unconditionalRows = asked.usesUnconditional(level)
                ? model.rowsPerEvaluation(level, unconditional(conditioning)) : 0;
        return asked.dropsCondition(level) ? unconditionalRows
                : unconditionalRows + model.rowsPerEvaluation(level, conditioning.unguided());
    }

    private GuidanceOptions options(Conditioning row) {
        return row.guidance() == null ? options : row.guidance();
    }

    private Conditioning unconditional(Conditioning row) {
        return row.guidance() == null ? unconditional : row.unconditional();
    }

    @Override
    void prepareOpen(int rows) {
        reserve(rows);
        model.prepare(2 * rows);
    }

    @Override
    void evaluateOpen(Batch batch) {
        reserve(batch.size());
        int pairs = 0;
        for (int i = 0; i < batch.size(); i++) {
            pairs += options(batch.conditioning(i)).pairs(batch.level(i)) ? 1 : 0;
        }
        if (pairs == 0) {
            evaluateHalves(batch);
        } else {
            evaluatePairs(batch, pairs);
        }
    }

    /** The conditional half, or the only one that counts. */
    private Conditioning firstHalf(Conditioning row, NoiseLevel level) {
        return options(row).dropsCondition(level) ? unconditional(row) : row.unguided();
    }

    /** Every row needs one half: the model reads and writes them where they are. */
    private void evaluateHalves(Batch batch) {
        inner.begin(batch.states(), batch.stateRow(0), batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            NoiseLevel level = batch.level(i);
            Conditioning row = batch.conditioning(i);
            inner.add(level, firstHalf(row, level));
        }
        inner.evaluateBy(model);
    }

    /** The first half of every row, and after them the unconditional halves of the rows that have one. */
    private void evaluatePairs(Batch batch, int pairs) {
        int n = batch.size();
        allocate(batch.states());
        copies.clear();
        inner.begin(states, 0, predictions, 0);
        for (int i = 0; i < n; i++) {
            copies.add(batch.states(), batch.stateRow(i), states, i);
            inner.add(batch.level(i), firstHalf(batch.conditioning(i), batch.level(i)));
        }
        for (int i = 0, second = n; second < n + pairs; i++) {
            Conditioning row = batch.conditioning(i);
            if (options(row).pairs(batch.level(i))) {
                copies.add(batch.states(), batch.stateRow(i), states, second++);
                inner.add(batch.level(i), unconditional(row));
            }
        }
        copies.copy();
        inner.evaluateBy(model);
        combine(batch);
    }

    private void combine(Batch batch) {
        combination.clear();
        copies.clear();
        int second = batch.size();
        for (int i = 0; i < batch.size(); i++) {
            GuidanceOptions asked = options(batch.conditioning(i));
            if (asked.pairs(batch.level(i))) {
                double weight = asked.weight();
                double scale = asked.rescale() == 0 ? 1 : rescale.factor(asked.rescale(), weight, predictions, i, second);
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
