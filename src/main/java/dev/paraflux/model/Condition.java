package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a sample is asked to show. A value: immutable, equal to another that says the same, its arrays copied when it is
 * made and when they are asked for. One object can serve many samples.
 */
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

        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * A class.
     *
     * @param label 0 to the model's number of labels - 1
     */
    record Label(int label) implements Condition {
        public Label {
            Require.atLeast(0, "label", label);
        }

        @Override
        public Description description() {
            return Description.of("label").with("label", label);
        }

        @Override
        public String toString() {
            return "label " + label;
        }
    }

    /**
     * A text, or anything else that vectors describe, as its encoder wrote it.
     *
     * @param values [tokens, width] in C order, finite
     * @param tokens 1 or more
     * @param width  values of a token, 1 or more
     */
    record Embedding(float[] values, int tokens, int width) implements Condition {
        public Embedding {
            Require.atLeast(1, "tokens", tokens);
            Require.atLeast(1, "width", width);
            Require.length((long) tokens * width, "values", values.length);
            values = Require.finite("values", values.clone());
        }

        @Override
        public float[] values() {
            return values.clone();
        }

        /** The values themselves, to be read only. */
        float[] shared() {
            return values;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Embedding embedding && tokens == embedding.tokens && width == embedding.width
                    && Arrays.equals(values, embedding.values);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * Arrays.hashCode(values) + tokens) + width;
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
     *              the mask is 1 is not seen
     * @param mask  for each element 0 (known) to 1 (to paint); in between, the two are blended
     */
    record Masked(Condition inner, float[] image, float[] mask) implements Condition {
        public Masked {
            Objects.requireNonNull(inner, "inner");
            if (inner instanceof Masked) {
                throw new IllegalValueException("inner", inner, "a condition without a mask: one mask must say it all");
            }
            Require.length(image.length, "mask", mask.length);
            image = Require.finite("image", image.clone());
            mask = mask.clone();
            for (int e = 0; e < mask.length; e++) {
                if (!(mask[e] >= 0 && mask[e] <= 1)) {
                    throw new IllegalValueException("mask[" + e + "]", mask[e], "0 (known) to 1 (to paint)");
                }
            }
        }

        @Override
        public Description description() {
            return Description.of("masked").with("inner", inner.description())
                    .with(ModelIdentity.SHA256, Sha256.of(image, mask));
        }

        /** The same mask and image around another condition. */
        public Masked withInner(Condition newInner) {
            return new Masked(newInner, image, mask);
        }

        /** Number of elements. */
        public int length() {
            return mask.length;
        }

        @Override
        public float[] image() {
            return image.clone();
        }

        @Override
        public float[] mask() {
            return mask.clone();
        }

        /** What is known of one element. */
        public float image(int element) {
            return image[element];
        }

        /** The mask at one element. */
        public float mask(int element) {
            return mask[element];
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Masked masked && inner.equals(masked.inner) && Arrays.equals(image, masked.image)
                    && Arrays.equals(mask, masked.mask);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * inner.hashCode() + Arrays.hashCode(image)) + Arrays.hashCode(mask);
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
