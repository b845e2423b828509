package dev.paraflux.cli;

import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelCard;
import dev.paraflux.model.TorchScriptDenoiser;

/**
 * What {@link ModelOptions} ask for, with the model in memory. Closing it closes the model.
 *
 * @param model  as it was loaded
 * @param guided with guidance and clipping around it, which own it
 * @param steps  from noise to sample
 */
record LoadedModel(TorchScriptDenoiser model, Denoiser guided, Steps steps) implements AutoCloseable {
    ModelCard card() {
        return model.card();
    }

    @Override
    public void close() {
        guided.close();
    }
}
