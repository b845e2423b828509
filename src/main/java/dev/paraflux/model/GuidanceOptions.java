package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Objects;
import java.util.Optional;

/**
 * How {@link dev.paraflux.model.around.Guidance} guides. Immutable.
 *
 * @param weight        any finite number: 0 is the unconditional model and 1 the conditional one; above 1 the condition is
 *                      amplified
 * @param unconditional what it guides away from
 * @param rescale       phi, 0 to 1: how far the guided prediction is brought back to the standard deviation of the
 *                      conditional one; 0 for not at all
 * @param above         guided where sigma / alpha is above this, 0 to below {@code upTo}; 0 for no such end
 * @param upTo          guided where sigma / alpha is no more than this; infinity for no such end
 */
public record GuidanceOptions(double weight, Condition unconditional, double rescale, double above, double upTo) {
    private static final String KIND = "guidance";

    /** Checks the numbers. */
    public GuidanceOptions {
        Objects.requireNonNull(unconditional, "unconditional");
        Require.finite("weight", weight);
        Require.between(0, 1, "rescale", rescale);
        Require.notNegative("above", above);
        if (!(upTo > above)) {
            throw new IllegalValueException("upTo", upTo, "above the interval's other end, " + above);
        }
    }

    /** Guidance at every level, away from no condition. */
    public static GuidanceOptions weight(double weight) {
        return new GuidanceOptions(weight, Condition.none(), 0, 0, Double.POSITIVE_INFINITY);
    }

    /** Away from a condition of its own, a negative prompt for example. */
    public GuidanceOptions withUnconditional(Condition condition) {
        return new GuidanceOptions(weight, condition, rescale, above, upTo);
    }

    /**
     * Against the glare of large weights: m is scaled by {@code phi std(m_cond) / std(m) + 1 - phi}, with the standard
     * deviations over a row (diffusers' {@code guidance_rescale}). A row of equal values has none, and stays.
     *
     * <p>Source: Lin et al., "Common Diffusion Noise Schedules and Sample Steps are Flawed" (arXiv 2305.08891), section
     * 3.4; they take 0.7.
     *
     * @param phi 0 to 1
     */
    public GuidanceOptions withRescale(double phi) {
        return new GuidanceOptions(weight, unconditional, phi, above, upTo);
    }

    /**
     * Guidance in the middle of the run alone, where it helps; elsewhere the conditional model runs alone, at half the
     * cost.
     *
     * <p>Source: Kynkaanniemi et al., "Applying Guidance in a Limited Interval Improves Sample and Distribution Quality in
     * Diffusion Models" (arXiv 2404.07724), equation 5, with sigma / alpha for sigma.
     *
     * @param newAbove guided where sigma / alpha is above this; 0 or more, 0 for no such end
     * @param newUpTo  and no more than this; more than {@code newAbove}, infinity for no such end
     */
    public GuidanceOptions withInterval(double newAbove, double newUpTo) {
        return new GuidanceOptions(weight, unconditional, rescale, newAbove, newUpTo);
    }

    /** Whether both halves count at a level. */
    public boolean pairs(NoiseLevel level) {
        return pairsSomewhere() && guides(level);
    }

    /** Whether the unconditional half counts at a level. */
    public boolean usesUnconditional(NoiseLevel level) {
        return pairs(level) || dropsCondition(level);
    }

    /** Whether the unconditional half alone counts at a level. */
    public boolean dropsCondition(NoiseLevel level) {
        return weight == 0 && rescale == 0 && guides(level);
    }

    private boolean pairsSomewhere() {
        // The rescale asks for the deviation of the conditional half, even where the weight gives it no share.
        return weight != 1 && (weight != 0 || rescale > 0);
    }

    private boolean guides(NoiseLevel level) {
        double ratio = level.ratio();
        return (above == 0 || ratio > above) && ratio <= upTo;
    }

    /** The weight, and whatever is not as usual, as a model's identity has it. */
    public Description description() {
        Description description = Description.of(KIND).with("weight", weight);
        if (!unconditional.equals(Condition.none())) {
            description = description.with("unconditional", unconditional.description());
        }
        if (rescale != 0) {
            description = description.with("rescale", rescale);
        }
        if (above != 0) {
            description = description.with("above", above);
        }
        return upTo == Double.POSITIVE_INFINITY ? description : description.with("upTo", upTo);
    }

    /**
     * How a model is guided, away from no condition.
     *
     * @return empty if it is not
     * @throws IllegalArgumentException naming a value outside its range
     */
    public static Optional<GuidanceOptions> of(ModelIdentity model) {
        return model.part(KIND).map(part -> new GuidanceOptions(part.number("weight").orElse(1), Condition.none(),
                part.number("rescale").orElse(0), part.number("above").orElse(0),
                part.number("upTo").orElse(Double.POSITIVE_INFINITY)));
    }

    @Override
    public String toString() {
        return description().toString();
    }
}
