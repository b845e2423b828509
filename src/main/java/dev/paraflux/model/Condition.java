package dev.paraflux.model;

import dev.paraflux.json.Description;

/** What a sample is asked to show. Immutable; one object can serve many samples. */
public sealed interface Condition {

    /** What it is as values, for files and for comparison: of vectors a digest. */
    Description description();

    /** No condition: the model's own distribution. For a labelled model, its null label. */
    record None() implements Condition {
        private static final None INSTANCE = new None();

        @Override
        public Description description() {
            return Description.of("none");
        }
    }

    /**
     * A class.
     *
     * @param label 0 to the model's number of labels - 1
     */
    record Label(int label) implements Condition {
        @Override
        public Description description() {
            return Description.of("label").with("label", label);
        }
    }

    /**
     * A text, or anything else that is told by vectors, as its encoder wrote it.
     *
     * @param values [tokens, width] in C order; not copied, not to be changed while in use
     */
    record Embedding(float[] values, int tokens, int width) implements Condition {
        public Embedding {
            if (tokens < 1 || width < 1 || (long) tokens * width != values.length) {
                throw new IllegalArgumentException("an embedding of " + tokens + " tokens of width " + width + " with "
                        + values.length + " values: must be tokens * width values, both 1 or more");
            }
        }

        @Override
        public Description description() {
            return Description.of("embedding").with("tokens", tokens).with("width", width)
                    .with(ModelIdentity.SHA256, Sha256.of(values));
        }

        @Override
        public String toString() {
            return "Embedding[" + tokens + " x " + width + "]";
        }
    }

    /**
     * An inner condition for a part of the sample; the rest of it is known. For {@link Inpainting}, which takes the
     * mask off before the model sees the condition.
     *
     * @param inner what to show, not masked itself
     * @param image what is known, one finite value per element of a row, in the model's own range; what it says where
     *              the mask is 1 is not seen. Not copied, not to be changed while in use
     * @param mask  for each element 0 (known) to 1 (to paint); in between, the two are blended. Not copied either
     */
    record Masked(Condition inner, float[] image, float[] mask) implements Condition {
        public Masked {
            if (inner instanceof Masked) {
                throw new IllegalArgumentException("a mask under a mask: one mask must say it all");
            }
            if (image.length != mask.length) {
                throw new IllegalArgumentException("a mask of " + mask.length + " values for an image of "
                        + image.length + ": must be as many");
            }
            for (int e = 0; e < mask.length; e++) {
                if (!Float.isFinite(image[e])) {
                    throw new IllegalArgumentException(
                            "known image value " + e + " is " + image[e] + ": must be finite");
                }
                if (!(mask[e] >= 0 && mask[e] <= 1)) {
                    throw new IllegalArgumentException(
                            "mask value " + e + " is " + mask[e] + ": must be 0 (known) to 1 (to paint)");
                }
            }
        }

        @Override
        public Description description() {
            return Description.of("masked").with("inner", inner.description())
                    .with(ModelIdentity.SHA256, Sha256.of(image, mask));
        }

        /** What models that cannot take it say of it. */
        @Override
        public String toString() {
            return "masked " + inner + " (for an Inpainting)";
        }
    }

    /** No condition. */
    static Condition none() {
        return None.INSTANCE;
    }

    /** A class. */
    static Condition label(int label) {
        return new Label(label);
    }
}
