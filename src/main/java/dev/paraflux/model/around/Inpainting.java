package dev.paraflux.model.around;

import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.Mask;
import dev.paraflux.schedule.NoiseLevel;

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
 * this, not this in guidance. Needs a model whose predictions tell x0 at every level: not eps where alpha is 0.
 * Thread-safe: calls run one after another.
 */
public final class Inpainting extends SamplePredicting {
    private final MaskRows masks = new MaskRows(this::allocate);
    private Batch unmasked;

    private Inpainting(Denoiser model) {
        super(model);
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
            mask.requireLength(dim());
        }
    }

    @Override
    public int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        return model.rowsPerEvaluation(level, conditioning.unmasked());
    }

    @Override
    void evaluateOpen(Batch batch) {
        begin(unmasked, batch, batch.states(), batch.stateRow(0), batch.predictions(), batch.predictionRow(0));
        for (int i = 0; i < batch.size(); i++) {
            requireFits(batch.conditioning(i).mask());
            unmasked.add(batch.level(i), batch.conditioning(i).unmasked());
        }
        unmasked.evaluateBy(model);
        masks.load(batch, queue());
        tellSamples(batch);
        for (int i = 0; i < batch.size(); i++) {
            if (batch.conditioning(i).mask() != null) {
                blend(batch, i);
            }
        }
        runRows();
    }

    /** Exact where the mask is 0 or 1. What is not finite stays so under any mask, for the run to see. */
    private void blend(Batch batch, int i) {
        rows.into(batch.predictions(), batch.predictionRow(i)).plus(1, batch.predictions(), batch.predictionRow(i));
        masks.blend(rows, i);
    }

    @Override
    void makeRoom(int batchRows) {
        masks.reserve(batchRows);
        unmasked = new Batch(batchRows);
    }

    @Override
    void freeRows() {
        masks.free();
    }

    @Override
    Description description() {
        return Description.of("inpainting");
    }
}
