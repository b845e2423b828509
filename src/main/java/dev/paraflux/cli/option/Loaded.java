package dev.paraflux.cli.option;

import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.CardedDenoiser;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.pipeline.Pipeline;
import java.util.Map;

/**
 * What {@link ModelOptions} ask for, with the model in memory. Closing it closes the model.
 *
 * @param model    as it was loaded, or as others evaluate it
 * @param pipeline that it is a part of, or null
 * @param guided   with guidance around it
 * @param clipped  with clipping around that; owns all of it
 * @param steps    from noise to sample
 */
public record Loaded(CardedDenoiser model, Pipeline pipeline, Denoiser guided, Denoiser clipped, Steps steps)
        implements
            AutoCloseable {
    /** The model's card. */
    public ModelCard card() {
        return model.card();
    }

    /** What is drawn, in words, by names. */
    public Map<String, String> facts() {
        return WorkFacts.of(model, steps);
    }

    @Override
    public void close() {
        clipped.close();
        if (pipeline != null) {
            pipeline.close();
        }
    }
}
