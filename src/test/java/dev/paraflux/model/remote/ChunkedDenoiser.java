package dev.paraflux.model.remote;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;

/** Evaluates a model here in the same chunks as {@link RemoteDenoiser} does elsewhere. */
record ChunkedDenoiser(Denoiser model, int chunkRows) implements Denoiser {
    @Override
    public int[] shape() {
        return model.shape();
    }

    @Override
    public Prediction prediction() {
        return model.prediction();
    }

    @Override
    public void requireLegal(Condition condition) {
        model.requireLegal(condition);
    }

    @Override
    public void evaluate(Batch rows) {
        rows.acquire(this);
        try {
            for (int first = 0; first < rows.size(); first += chunkRows) {
                Batch chunk = new Batch(chunkRows);
                chunk.begin(rows.states(), rows.stateRow(first), rows.predictions(), rows.predictionRow(first));
                for (int i = first; i < Math.min(rows.size(), first + chunkRows); i++) {
                    chunk.add(rows.level(i), rows.conditioning(i));
                }
                chunk.evaluateBy(model);
            }
        } finally {
            rows.release();
        }
    }
}
