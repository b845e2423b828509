package dev.paraflux.plan;

import dev.paraflux.Cancellation;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.ForwardingDenoiser;

/** Sums up what the calls of a run would take by a model's cost, and stops a run that takes too long by it. */
final class CallTrace extends ForwardingDenoiser {
    private final ModelCost cost;
    private final Cancellation cancellation;
    private Cancellation stop = new Cancellation();
    private double limit = Double.POSITIVE_INFINITY;
    private double seconds;

    /** @param cancellation stops every run */
    CallTrace(Denoiser model, ModelCost cost, Cancellation cancellation) {
        super(model);
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
        super.evaluate(batch);
    }

    @Override
    public ModelIdentity identity() {
        return model.identity();
    }
}
