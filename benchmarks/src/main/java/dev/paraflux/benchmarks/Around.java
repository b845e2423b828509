package dev.paraflux.benchmarks;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/** A model around another one, which it leaves as it is, for programs that watch its calls. */
public abstract class Around implements Denoiser {
    private final Denoiser model;

    protected Around(Denoiser model) {
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
    public void requireLegal(NoiseLevel level) {
        model.requireLegal(level);
    }

    @Override
    public void prepare(int rows) {
        model.prepare(rows);
    }

    @Override
    public void evaluate(Batch batch) {
        batch.evaluateBy(model);
    }
}
