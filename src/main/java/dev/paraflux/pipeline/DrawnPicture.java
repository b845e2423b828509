package dev.paraflux.pipeline;

import dev.paraflux.Sample;

/**
 * A picture, and how it came about.
 *
 * @param sample  how the run ended, and what it cost
 * @param latents what was decoded: the sample's values, and where a mask is 0 those of the picture that was given; null
 *                where the run ended without values
 * @param pixels  [3, height, width], -1 to 1; there are none likewise
 * @param lost    the end of the prompt that not every text encoder had room for; empty if all of it counted
 */
public record DrawnPicture(Sample sample, float[] latents, float[] pixels, String lost) {
    /**
     * The pixels.
     *
     * @throws IllegalStateException if there are none, with the sample's message
     */
    @Override
    public float[] pixels() {
        if (pixels == null) {
            throw new IllegalStateException("no picture: " + sample.message());
        }
        return pixels;
    }
}
