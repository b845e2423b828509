package dev.paraflux.method.core;

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
}
