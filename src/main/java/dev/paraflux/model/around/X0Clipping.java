package dev.paraflux.model.around;

import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.X0Limit;

/**
 * Keeps the predicted sample x0 in the range of the data: guidance of a large weight, or few steps, drive it out. Predicts
 * the sample, whatever the model predicts. Thread-safe: calls run one after another.
 *
 * <p>Values that are not finite stay so: they are the model's failure, and the run is to see it.
 */
public final class X0Clipping extends SamplePredicting {
    private final X0Range range;

    private X0Clipping(Denoiser model, X0Limit limit) {
        super(model);
        range = new X0Range(limit);
    }

    /** Keeps x0 in a range; the model itself where there is none. Goes around the guidance, as in diffusers. */
    public static Denoiser of(Denoiser model, X0Limit range) {
        return range.equals(X0Limit.NONE) ? model : new X0Clipping(model, range);
    }

    /**
     * Cuts x0 off at a fixed limit: diffusers' {@code clip_sample} with {@code clip_sample_range}.
     *
     * @param limit largest magnitude, above 0, finite; 1 for pictures in [-1, 1]
     * @throws IllegalArgumentException if it is outside
     */
    public static X0Clipping at(Denoiser model, double limit) {
        return new X0Clipping(model, X0Limit.at(limit));
    }

    /**
     * Dynamic thresholding: of each row, s is the percentile of |x0|, kept from 1 to maxRange, and x0 is cut off at s and
     * divided by s. As diffusers has it ({@code thresholding}); for pixels, not for latents.
     *
     * <p>Source: Saharia et al., "Photorealistic Text-to-Image Diffusion Models" (Imagen, arXiv 2205.11487), section 2.3.
     *
     * @param percentile share of the values that stay below s, 0 to 1; 0.995 is usual
     * @param maxRange   largest s, 1 or more, finite; 1 makes it clipping at 1
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static X0Clipping dynamic(Denoiser model, double percentile, double maxRange) {
        return new X0Clipping(model, X0Limit.dynamic(percentile, maxRange));
    }

    @Override
    void evaluateOpen(Batch batch) {
        batch.evaluateBy(model);
        tellSamples(batch);
        range.measure(batch, rows, queue());
        for (int i = 0; i < batch.size(); i++) {
            range.clip(rows, batch, i, batch.predictions(), batch.predictionRow(i));
        }
        runRows();
    }

    @Override
    Description description() {
        return range.description();
    }

    /**
     * The range that a model keeps x0 in, {@link X0Limit#NONE} if it does not.
     *
     * @throws IllegalArgumentException naming a value outside its range
     */
    public static X0Limit limit(ModelIdentity model) {
        return X0Range.limit(model);
    }
}
