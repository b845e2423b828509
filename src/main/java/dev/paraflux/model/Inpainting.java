package dev.paraflux.model;

import dev.paraflux.json.Description;

/**
 * Paints a part of an image whose rest is known: a model that knows the answer where the mask of a
 * {@link Mask} is 0. It predicts the sample,
 *
 * <pre>x0 = mask x0_model + (1 - mask) known</pre>
 *
 * <p>so that in the known part eps = (x - alpha known) / sigma is the very noise that the state holds. A deterministic
 * solver therefore carries the known part along as alpha known + sigma z, with the z it began with; a stochastic one
 * takes it from level to level as the posterior q(x_t-1 | x_t, x0 = known) of DDPM does, which is the image noised anew
 * to each level (Song et al., arXiv 2011.13456, appendix I.2; Lugmayr et al., arXiv 2201.09865, equation 8a). At the
 * end it is the image, with what noise the last level leaves.
 *
 * <p>The state that the model sees is not touched: in a solved row the known part is consistent by itself, and in a row
 * that a parallel method has under way it comes to be, whatever the state there is, because the known x0 does not
 * depend on it. So the known part obeys the solver's own table, and every solver and every method works as it is.
 *
 * <p>The known part steers the rest only through what the model makes of the whole state, which is not exactly the law
 * of the rest given it: while noise still hides the known part, the rest goes where the model alone would send it.
 * Fresh noise (DDPM, or DDIM with eta) forgets more of that start than a deterministic solver does.
 *
 * <p>Rows without a mask are taken as well: those are the model's own, told as samples. Wrap guidance in
 * this, not this in guidance. Needs a model whose predictions tell x0 at every level: not eps where alpha is 0. Closing
 * it closes the wrapped model.
 */
public final class Inpainting extends SamplePredicting {
    private final float[] row;
    private Batch unmasked;

    private Inpainting(Denoiser model) {
        super(model);
        row = new float[model.dim()];
    }

    /** Lets a model, or a guided one, paint under masks. */
    public static Inpainting of(Denoiser model) {
        return new Inpainting(model);
    }

    @Override
    public void requireLegal(Conditioning conditioning) {
        requireFits(conditioning.mask());
        model.requireLegal(conditioning.unmasked());
    }

    private void requireFits(Mask mask) {
        if (mask != null) {
            mask.requireLength(row.length);
        }
    }

    @Override
    void prepareOpen(int rows) {
        reserve(rows);
        model.prepare(rows);
    }

    @Override
    void evaluateOpen(Batch batch) {
        reserve(batch.size());
        unmasked.begin(batch.states(), batch.stateRow(0), batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            requireFits(batch.conditioning(i).mask());
            unmasked.add(batch.level(i), batch.conditioning(i).unmasked());
        }
        unmasked.evaluateBy(model);
        tellSamples(batch);
        for (int i = 0; i < batch.size(); i++) {
            if (batch.conditioning(i).mask() != null) {
                blend(batch, i, batch.conditioning(i).mask());
            }
        }
    }

    /** Exact where the mask is 0 or 1. What is not finite stays so under any mask, for the driver to see. */
    private void blend(Batch batch, int i, Mask masked) {
        batch.predictions().read(batch.predictionRow(i), row);
        for (int e = 0; e < row.length; e++) {
            row[e] = (float) ((double) masked.mask(e) * row[e] + (1.0 - masked.mask(e)) * masked.known(e));
        }
        batch.predictions().write(batch.predictionRow(i), row);
    }

    private void reserve(int rows) {
        if (unmasked == null || rows > unmasked.capacity()) {
            unmasked = new Batch(rows);
        }
    }

    @Override
    Description description() {
        return Description.of("inpainting");
    }
}
