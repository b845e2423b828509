package dev.paraflux;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;

/** A user's denoiser around another one, for tests to override what it does differently. */
public abstract class AroundDenoiser implements Denoiser {
    protected final Denoiser model;

    protected AroundDenoiser(Denoiser model) {
        this.model = model;
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
    public void evaluate(Batch batch) {
        batch.evaluateBy(model);
    }
}
