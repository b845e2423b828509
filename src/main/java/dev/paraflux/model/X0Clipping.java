package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.X0Limit;

/**
 * Keeps the predicted sample x0 in the range of the data: guidance of a large weight, or few steps, drive it out. Predicts
 * the sample, whatever the model predicts. Closing it closes the model. Thread-safe: calls run one after another.
 *
 * <p>A row of values that are not all finite is left as it is: that is the model's failure, and the run is to see it.
 */
public final class X0Clipping extends SamplePredicting {
    private static final String CLIPPING = "x0-clipping";
    private static final String THRESHOLDING = "dynamic-thresholding";

    private final X0Limit range;
    private final RowClipping clipping;
    private final float[] x0;

    private X0Clipping(Denoiser model, X0Limit range) {
        super(model);
        this.range = range;
        clipping = new RowClipping(range, model.dim());
        x0 = new float[model.dim()];
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
        for (int i = 0; i < batch.size(); i++) {
            clip(batch.predictions(), batch.predictionRow(i));
        }
    }

    private void clip(Buffer predictions, int row) {
        predictions.read(row, x0);
        if (clipping.clip(x0)) {
            predictions.write(row, x0);
        }
    }

    @Override
    Description description() {
        return description(range);
    }

    /** A range as part of a model's identity. */
    static Description description(X0Limit range) {
        return Double.isNaN(range.percentile()) ? Description.of(CLIPPING).with("limit", range.most())
                : Description.of(THRESHOLDING).with("percentile", range.percentile()).with("maxRange", range.most());
    }

    /**
     * The range that a model keeps x0 in, {@link X0Limit#NONE} if it does not.
     *
     * @throws IllegalArgumentException naming a value outside its range
     */
    public static X0Limit limit(ModelIdentity model) {
        return model.part(CLIPPING).map(part -> X0Limit.at(part.number("limit").orElse(1)))
                .or(() -> model.part(THRESHOLDING).map(part -> X0Limit.dynamic(part.number("percentile").orElse(1),
                        part.number("maxRange").orElse(1))))
                .orElse(X0Limit.NONE);
    }
}
