package dev.paraflux.model.around;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A model behind linear maps: at every level the wrapped model sees {@code input x} at a level of its own, answers m, and
 * the prediction is {@code ofState x + ofOutput m}.
 */
abstract class RescalingDenoiser extends WrappingDenoiser {
    /** More levels than a grid and the stages between its rows have; a bound, should someone draw levels at random. */
    private static final int MOST_LEVELS = 1 << 14;

    /**
     * What happens at one level.
     *
     * @param level    the wrapped model's
     * @param input    share of the state in what the wrapped model sees
     * @param ofState  share of the state in the prediction
     * @param ofOutput share of the wrapped model's output in the prediction
     */
    record Maps(NoiseLevel level, double input, double ofState, double ofOutput) {
        /** The output as it is. */
        static Maps ofInput(NoiseLevel level, double input) {
            return new Maps(level, input, 0, 1);
        }

        private boolean keepsOutput() {
            return ofState == 0 && ofOutput == 1;
        }
    }

    /** Kept, since a round may allocate nothing. */
    private final Map<NoiseLevel, Maps> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NoiseLevel, Maps> eldest) {
            return size() > MOST_LEVELS;
        }
    };
    private final Function<NoiseLevel, Maps> newMaps = this::maps;
    private Batch inner;
    private Buffer scaled;

    RescalingDenoiser(Denoiser model) {
        super(model);
    }

    /** The maps at a level. */
    abstract Maps maps(NoiseLevel level);

    @Override
    public final synchronized void requireLegal(NoiseLevel level) {
        if (level.alpha() == 0 || level.sigma() == 0) {
            throw new IllegalValueException("level", level, "one with alpha and sigma above 0, for " + this);
        }
        model.requireLegal(at(level).level());
    }

    @Override
    public final synchronized int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        return model.rowsPerEvaluation(at(level).level(), conditioning);
    }

    private Maps at(NoiseLevel level) {
        return known.computeIfAbsent(level, newMaps);
    }

    @Override
    final void evaluateOpen(Batch batch) {
        if (scaled == null) {
            scaled = allocate(capacity());
        }
        begin(inner, batch, scaled, 0, batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            Maps maps = at(batch.level(i));
            rows.into(scaled, i).plus(maps.input, batch.states(), batch.stateRow(i));
            inner.add(maps.level, batch.conditioning(i));
        }
        runRows();
        inner.evaluateBy(model);
        for (int i = 0; i < batch.size(); i++) {
            Maps maps = at(batch.level(i));
            if (!maps.keepsOutput()) {
                rows.into(batch.predictions(), batch.predictionRow(i))
                        .plus(maps.ofState, batch.states(), batch.stateRow(i))
                        .plus(maps.ofOutput, batch.predictions(), batch.predictionRow(i));
            }
        }
        runRows();
    }

    @Override
    final void makeRoom(int batchRows) {
        inner = new Batch(batchRows);
        freeRows();
    }

    @Override
    final void freeRows() {
        if (scaled != null) {
            scaled.close();
            scaled = null;
        }
    }
}
