package dev.paraflux.plan;

import dev.paraflux.Cancellation;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/** Sums up what the calls of a run would take by a model's cost, and stops a run that takes too long by it. */
final class CallTrace implements Denoiser {
    private final Denoiser model;
    private final ModelCost cost;
    private final Cancellation cancellation;
    private Cancellation stop = new Cancellation();
    private double limit = Double.POSITIVE_INFINITY;
    private double seconds;

    /** @param cancellation stops every run */
    CallTrace(Denoiser model, ModelCost cost, Cancellation cancellation) {
        this.model = model;
        this.cost = cost;
        this.cancellation = cancellation;
    }

    /** A run begins. */
    void begin(Cancellation newStop, double mostSeconds) {
        stop = newStop;
        limit = mostSeconds;
        seconds = 0;
    }

    /** What its calls take. */
    double seconds() {
        return seconds;
    }

    @Override
    public void evaluate(Batch batch) {
        seconds += cost.seconds(batch.size());
        if (seconds > limit || cancellation.isCancelled()) {
            stop.cancel();
        }
        model.evaluate(batch);
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
    public ModelIdentity identity() {
        return model.identity();
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
    public int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        return model.rowsPerEvaluation(level, conditioning);
    }

    @Override
    public void prepare(int rows) {
        model.prepare(rows);
    }
}
