package dev.paraflux.model.around;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Arrays;
import java.util.Objects;

/**
 * Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): {@code m = m_uncond + weight (m_cond - m_uncond)}. Both
 * halves run in one batch of the wrapped model; a row that needs one of them costs one model row. How a row is
 * guided it may say itself ({@link Conditioning#guidance}): rows of one batch may differ. Thread-safe: calls run one after another.
 */
public final class Guidance extends WrappingDenoiser {
    private final GuidanceOptions options;
    private final Conditioning unconditional;
    private final GuidanceRescale rescale = new GuidanceRescale();
    private Batch inner;
    private Buffer states;
    private Buffer predictions;
    private Buffer ones;

    private Guidance(Denoiser model, GuidanceOptions options) {
        super(model);
        this.options = options;
        unconditional = Conditioning.of(options.unconditional());
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
        Objects.requireNonNull(model, "model");
        if (Objects.requireNonNull(options, "options").weight() != 1) {
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

    /**
     * By the root mean square of the halves' weights, where that is more than 1: the halves are rounded partly alike, so
     * that less is left of it than of two that have nothing to do with one another.
     */
    @Override
    public double rounding(Conditioning conditioning) {
        double weight = options(conditioning).weight();
        return model.rounding(conditioning.unguided())
                * Math.max(1, Math.sqrt((weight * weight + (weight - 1) * (weight - 1)) / 2));
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

    /** Any row may ask for both halves. */
    @Override
    int innerRows(int batchRows) {
        return 2 * batchRows;
    }

    @Override
    void makeRoom(int batchRows) {
        inner = new Batch(innerRows(batchRows));
        rescale.reserve(batchRows);
        freeRows();
    }

    @Override
    void evaluateOpen(Batch batch) {
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
        begin(inner, batch, batch.states(), batch.stateRow(0), batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            NoiseLevel level = batch.level(i);
            Conditioning row = batch.conditioning(i);
            inner.add(level, firstHalf(row, level));
        }
        inner.evaluateBy(model);
    }

    /** The first half of every row, and after them the unconditional halves of the rows that have both. */
    private void evaluatePairs(Batch batch, int pairs) {
        int n = batch.size();
        if (states == null) {
            states = allocate(innerRows(capacity()));
            predictions = allocate(innerRows(capacity()));
        }
        begin(inner, batch, states, 0, predictions, 0);
        rescale.clear();
        for (int i = 0; i < n; i++) {
            rows.copy(batch.states(), batch.stateRow(i), states, i);
            inner.add(batch.level(i), firstHalf(batch.conditioning(i), batch.level(i)));
        }
        for (int i = 0, second = n; second < n + pairs; i++) {
            Conditioning row = batch.conditioning(i);
            GuidanceOptions asked = options(row);
            if (asked.pairs(batch.level(i))) {
                if (asked.rescale() > 0) {
                    rescale.add(i, second, asked);
                }
                rows.copy(batch.states(), batch.stateRow(i), states, second++);
                inner.add(batch.level(i), unconditional(row));
            }
        }
        runRows();
        inner.evaluateBy(model);
        if (rescale.size() > 0) {
            rescale.find(predictions, ones(), rows, queue());
        }
        combine(batch);
    }

    private void combine(Batch batch) {
        int second = batch.size();
        int rescaled = 0;
        for (int i = 0; i < batch.size(); i++) {
            GuidanceOptions asked = options(batch.conditioning(i));
            if (asked.pairs(batch.level(i))) {
                double weight = asked.weight();
                double scale = asked.rescale() > 0 ? rescale.factor(rescaled++) : 1;
                rows.into(batch.predictions(), batch.predictionRow(i)).plus(scale * weight, predictions, i)
                        .plus(scale * (1 - weight), predictions, second++);
            } else {
                rows.copy(predictions, i, batch.predictions(), batch.predictionRow(i));
            }
        }
        runRows();
    }

    private Buffer ones() {
        if (ones == null) {
            float[] row = new float[dim()];
            Arrays.fill(row, 1);
            Buffer made = allocate(1);
            try {
                queue().write(row, 0, made, 0);
            } catch (RuntimeException | Error e) {
                made.close();
                throw e;
            }
            ones = made;
        }
        return ones;
    }

    @Override
    void freeRows() {
        for (Buffer buffer : new Buffer[] {states, predictions, ones}) {
            if (buffer != null) {
                buffer.close();
            }
        }
        states = null;
        predictions = null;
        ones = null;
    }

    @Override
    Description description() {
        return options.description();
    }
}
