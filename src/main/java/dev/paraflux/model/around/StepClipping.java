package dev.paraflux.model.around;

import dev.paraflux.device.Buffer;
import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
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
 * that no step begins at have the clipped x0. Thread-safe: calls run one after another.
 */
public final class StepClipping extends SamplePredicting {
    private static final String KEPT = "as predicted";

    private final X0Range range;
    private final Map<NoiseLevel, Step> steps;
    private Buffer clipped;

    /**
     * What the step from a level takes.
     *
     * @param ofX0      p, of the clipped x0
     * @param ofEpsilon q, of the eps that was predicted
     * @param weight    of the x0 that is told: p - k, unless the solver says otherwise
     */
    public record Step(double ofX0, double ofEpsilon, double weight) {}

    private StepClipping(Denoiser model, X0Limit limit, Map<NoiseLevel, Step> steps) {
        super(model);
        range = new X0Range(limit);
        this.steps = Map.copyOf(steps);
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
        range.measure(batch, rows, queue());
        for (int i = 0; i < batch.size(); i++) {
            Step step = steps.get(batch.level(i));
            if (step != null && step.ofEpsilon * batch.level(i).alpha() != 0 && step.weight != 0) {
                clipForStep(batch, i, step);
            } else {
                range.clip(rows, batch, i, batch.predictions(), batch.predictionRow(i));
            }
        }
        runRows();
    }

    /** Rows run in order: one row of clipped values is enough for all of them. */
    private void clipForStep(Batch batch, int i, Step step) {
        if (clipped == null) {
            clipped = allocate(1);
        }
        double carried = step.ofEpsilon * batch.level(i).alpha() / batch.level(i).sigma();
        double sign = Math.signum(step.weight);
        range.clip(rows, batch, i, clipped, 0);
        rows.into(batch.predictions(), batch.predictionRow(i)).plus(sign * step.ofX0, clipped, 0)
                .plus(-sign * carried, batch.predictions(), batch.predictionRow(i))
                .clamp(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Math.abs(step.weight));
    }

    @Override
    void freeRows() {
        if (clipped != null) {
            clipped.close();
            clipped = null;
        }
    }

    @Override
    public boolean servesOneGrid() {
        return true;
    }

    @Override
    Description description() {
        return range.description().with("epsilon", KEPT);
    }

    /** Whether x0 is clipped so, and not by {@link X0Clipping}. */
    public static boolean isPartOf(ModelIdentity model) {
        return model.parts().stream().anyMatch(part -> part.toString().contains(KEPT));
    }
}
