package dev.paraflux.model.pretrained;

import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;

/** A denoiser that a card describes, wherever it is evaluated: what rows, conditions and steps need to know of it. */
public interface CardedDenoiser extends Denoiser {
    /** What the model is and how it was trained. */
    ModelCard card();

    @Override
    default int[] shape() {
        return card().shape().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    default int dim() {
        return card().dim();
    }

    @Override
    default Prediction prediction() {
        return card().scheduler().prediction();
    }

    /** Who evaluates it, in words for people, such as {@code libtorch in float32}. */
    String evaluatedBy();
}
