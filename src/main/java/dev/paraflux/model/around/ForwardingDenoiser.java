package dev.paraflux.model.around;

import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.Objects;

/**
 * A denoiser around another one, which does what that one does: extend it, and override what is to be different. Its
 * {@link #identity} is its own, and it does not close what it is around unless it is {@link #owning}.
 */
public abstract class ForwardingDenoiser implements Denoiser {
    /** What it is around. */
    protected final Denoiser model;
    private volatile boolean owning;

    /** Around a model that stays its owner's, unless this is {@link #owning}. */
    protected ForwardingDenoiser(Denoiser model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    @Override
    public int[] shape() {
        return model.shape();
    }

    @Override
    public int dim() {
        return model.dim();
    }

    @Override
    public Prediction prediction() {
        return model.prediction();
    }

    @Override
    public double rounding(Conditioning conditioning) {
        return model.rounding(conditioning);
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
    public boolean servesOneGrid() {
        return model.servesOneGrid();
    }

    @Override
    public boolean worksOn(Device device) {
        return model.worksOn(device);
    }

    @Override
    public int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        return model.rowsPerEvaluation(level, conditioning);
    }

    @Override
    public void prepare(int rows) {
        model.prepare(rows);
    }

    /** Has the model evaluate the very batch. */
    @Override
    public void evaluate(Batch batch) {
        batch.evaluateBy(model);
    }

    /** This very one, which closes what it is around with itself; one that is around several says so to all of them. */
    @Override
    public Denoiser owning() {
        model.owning();
        owning = true;
        return this;
    }

    /** Whether it closes what it is around. */
    protected final boolean isOwning() {
        return owning;
    }

    /** Closes the model where it is {@link #owning}; one that holds something itself frees that, too. */
    @Override
    public void close() {
        if (owning) {
            model.close();
        }
    }
}
