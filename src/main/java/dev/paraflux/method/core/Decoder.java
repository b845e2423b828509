package dev.paraflux.method.core;

import dev.paraflux.method.Method;

/**
 * Makes the picture of a latent, so that a run can stop when the picture no longer changes: the decoder half of the
 * latent model's autoencoder. Called on the thread that samples, once for each answer of each sample.
 */
public interface Decoder {
    /** Values of a picture, 1 or more. */
    int pictureDim();

    /**
     * Decodes.
     *
     * @param latent  one sample; not to be changed or kept
     * @param picture receives its picture, values in [-1, 1]; {@link #pictureDim()} long
     */
    void decode(float[] latent, float[] picture);

    /** A method that stops by pixels, looking at those of pictures that this makes; any other as it is. */
    default Method seenBy(Method method) {
        if (method instanceof Srds srds && srds.stop() instanceof StopRule.Pixels pixels) {
            return srds.withStop(StopRule.decoded(this, pixels.tolerance()));
        }
        return method instanceof Chords chords && chords.stop() instanceof StopRule.Pixels pixels
                ? chords.withStop(StopRule.decoded(this, pixels.tolerance())) : method;
    }
}
