package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.X0Limit;
import java.util.Map;

/**
 * Keeps the predicted sample x0 in a range, as {@link X0Clipping} does, but for a sampler that goes on with the eps that was
 * predicted before: a step {@code p x0_clipped + q eps}, as diffusers' DDIM takes it (use_clipped_model_output false).
 *
 * <p>Such a step is not linear in one prediction. The x0 that is told here is the one that makes it so, for the step that
 * begins at a level of the grid: {@code x0 = (p x0_clipped - k x0_raw) / (p - k)} with {@code k = q alpha / sigma}, since
 * {@code p x0 + q (x - alpha x0) / sigma} is then the step that is wanted. It belongs to that step, and to no other: levels
 * that no step begins at have the clipped x0. Closing it closes the model. Thread-safe: calls run one after another.
 */
public final class StepClipping extends SamplePredicting {
    private static final String KEPT = "as predicted";

    private final X0Limit range;
    private final RowClipping clipping;
    private final Map<NoiseLevel, Step> steps;
    private final float[] raw;
    private final float[] clipped;

    /**
     * What the step from a level takes.
     *
     * @param ofX0      p, of the clipped x0
     * @param ofEpsilon q, of the eps that was predicted
     * @param weight    of the x0 that is told: p - k, unless the solver says otherwise
     */
    public record Step(double ofX0, double ofEpsilon, double weight) {}

    private StepClipping(Denoiser model, X0Limit range, Map<NoiseLevel, Step> steps) {
        super(model);
        this.range = range;
        clipping = new RowClipping(range, model.dim());
        this.steps = Map.copyOf(steps);
        raw = new float[model.dim()];
        clipped = new float[model.dim()];
    }

    /**
     * Keeps x0 in a range; the model itself where there is none. Goes around the guidance.
     *
     * @param steps the step that begins at each level of a grid
     */
    public static Denoiser of(Denoiser model, X0Limit range, Map<NoiseLevel, Step> steps) {
        return range.equals(X0Limit.NONE) ? model : new StepClipping(model, range, steps);
    }

    @Override
    void evaluateOpen(Batch batch) {
        batch.evaluateBy(model);
        tellSamples(batch);
        for (int i = 0; i < batch.size(); i++) {
            clip(batch.predictions(), batch.predictionRow(i), batch.level(i));
        }
    }

    private void clip(Buffer predictions, int row, NoiseLevel level) {
        predictions.read(row, raw);
        System.arraycopy(raw, 0, clipped, 0, raw.length);
        if (!clipping.clip(clipped)) {
            return;
        }
        Step step = steps.get(level);
        if (step != null && step.ofEpsilon * level.alpha() != 0 && step.weight != 0) {
            double carried = step.ofEpsilon * level.alpha() / level.sigma();
            for (int e = 0; e < raw.length; e++) {
                clipped[e] = (float) ((step.ofX0 * clipped[e] - carried * raw[e]) / step.weight);
            }
        }
        predictions.write(row, clipped);
    }

    @Override
    Description description() {
        return X0Clipping.description(range).with("epsilon", KEPT);
    }

    /** Whether x0 is clipped so, and not by {@link X0Clipping}. */
    public static boolean isPartOf(ModelIdentity model) {
        return model.parts().stream().anyMatch(part -> part.toString().contains(KEPT));
    }
}
