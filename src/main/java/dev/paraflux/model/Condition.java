package dev.paraflux.model;

/** What a sample is asked to show. Immutable; one object can serve many samples. */
public sealed interface Condition {

    /** No condition: the model's own distribution. For a labelled model, its null label. */
    record None() implements Condition {
        private static final None INSTANCE = new None();
    }

    /**
     * A class.
     *
     * @param label 0 to the model's number of labels - 1
     */
    record Label(int label) implements Condition {}

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
        public String toString() {
            return "Embedding[" + tokens + " x " + width + "]";
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
