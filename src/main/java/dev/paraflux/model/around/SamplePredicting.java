package dev.paraflux.model.around;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/** A model that tells the sample, whatever the wrapped model predicts, so that the x0 can be worked on. */
abstract class SamplePredicting extends WrappingDenoiser {

    SamplePredicting(Denoiser model) {
        super(model);
    }

    /** Always the sample. */
    @Override
    public final Prediction prediction() {
        return Prediction.SAMPLE;
    }

    /** Eps says nothing about x0 where alpha is 0. */
    @Override
    public final void requireLegal(NoiseLevel level) {
        model.requireLegal(level);
        model.prediction().x0OfState(level);
    }

    /** Adds the rows that turn what the wrapped model has predicted for a batch into x0, in place. */
    final void tellSamples(Batch batch) {
        Prediction raw = model.prediction();
        if (raw == Prediction.SAMPLE) {
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            NoiseLevel level = batch.level(i);
            rows.into(batch.predictions(), batch.predictionRow(i))
                    .plus(raw.x0OfState(level), batch.states(), batch.stateRow(i))
                    .plus(raw.x0OfOutput(level), batch.predictions(), batch.predictionRow(i));
        }
    }
}
