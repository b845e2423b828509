package dev.paraflux.model;

import java.util.Objects;

/**
 * All that a sample asks of the model: what to show, how strongly, and where. A value: immutable, equal to another that
 * says the same. One object can serve many samples, and every row of them; what it says to either half of a guided
 * model is made once, with it.
 */
public final class Conditioning {
    private static final Conditioning NONE = new Conditioning(Condition.none());

    private final Condition condition;
    private final GuidanceOptions guidance;
    private final Mask mask;
    private final Conditioning unguided;
    private final Conditioning unmasked;
    private final Conditioning unconditional;

    private Conditioning(Condition condition) {
        this.condition = Objects.requireNonNull(condition, "condition");
        guidance = null;
        mask = null;
        unguided = this;
        unmasked = this;
        unconditional = null;
    }

    private Conditioning(Condition condition, GuidanceOptions guidance, Mask mask) {
        this.condition = Objects.requireNonNull(condition, "condition");
        this.guidance = guidance;
        this.mask = mask;
        unguided = guidance == null ? this : of(condition, null, mask);
        unmasked = mask == null ? this : of(condition, guidance, null);
        unconditional = guidance == null ? null : of(guidance.unconditional());
    }

    private static Conditioning of(Condition condition, GuidanceOptions guidance, Mask mask) {
        return guidance == null && mask == null ? of(condition) : new Conditioning(condition, guidance, mask);
    }

    /** A condition alone, guided as the model is by itself. Allocates nothing for no condition. */
    public static Conditioning of(Condition condition) {
        return condition instanceof Condition.None ? NONE : new Conditioning(condition);
    }

    /** What to show. */
    public Condition condition() {
        return condition;
    }

    /** How to guide, or null: as the model's {@link dev.paraflux.model.around.Guidance} does by itself. */
    public GuidanceOptions guidance() {
        return guidance;
    }

    /** Which part is known, or null: nothing is. */
    public Mask mask() {
        return mask;
    }

    /** The same with another condition. */
    public Conditioning withCondition(Condition newCondition) {
        return of(newCondition, guidance, mask);
    }

    /** The same guided otherwise; null for as the model is by itself. */
    public Conditioning withGuidance(GuidanceOptions newGuidance) {
        return of(condition, newGuidance, mask);
    }

    /** The same with another mask; null for none. */
    public Conditioning withMask(Mask newMask) {
        return of(condition, guidance, newMask);
    }

    /** What is left of it behind what guides: the condition, and the mask. */
    public Conditioning unguided() {
        return unguided;
    }

    /** What is left of it behind what paints: the condition, and the guidance. */
    public Conditioning unmasked() {
        return unmasked;
    }

    /** What the guidance leads away from; null without guidance. */
    public Conditioning unconditional() {
        return unconditional;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Conditioning that && condition.equals(that.condition)
                && Objects.equals(guidance, that.guidance) && Objects.equals(mask, that.mask);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * condition.hashCode() + Objects.hashCode(guidance)) + Objects.hashCode(mask);
    }

    @Override
    public String toString() {
        return condition + (guidance == null ? "" : ", " + guidance) + (mask == null ? "" : ", " + mask);
    }
}
