package dev.paraflux.model;

import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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

        /** Puts the values where a buffer's position is, and moves it past them. */
        public void writeTo(FloatBuffer buffer) {
            buffer.put(values);
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
     * Values of the model's inputs by their names, several at once: the vectors of a text with its pooled ones and the
     * picture's sizes, or what a policy observes. What is left out is null, where the model's card says what that is.
     *
     * @param values one or more, for one row each
     */
    record Tensors(Map<String, TensorValue> values) implements Condition {
        public Tensors {
            Require.atLeast(1, "number of values", values.size());
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
            values.forEach((name, value) -> Objects.requireNonNull(value, name));
        }

        /**
         * The same with zeros for these inputs: what some models take for the unconditional.
         *
         * @throws IllegalArgumentException if there is no value of such a name
         */
        public Tensors withZeros(String... names) {
            Map<String, TensorValue> others = new TreeMap<>(values);
            for (String name : names) {
                Require.oneOf(values.keySet(), "name", name);
                others.computeIfPresent(name, (key, value) -> value.zeros());
            }
            return new Tensors(others);
        }

        @Override
        public Description description() {
            Description all = Description.of("tensors");
            int number = 0;
            for (Map.Entry<String, TensorValue> entry : values.entrySet()) {
                all = all.with("tensor" + number++, Description.of("tensor").with("name", entry.getKey())
                        .with("shape", entry.getValue().toString())
                        .with(ModelIdentity.SHA256, entry.getValue().digest()));
            }
            return all;
        }

        @Override
        public String toString() {
            return "Tensors" + values;
        }
    }

    /** No condition. */
    static Condition none() {
        return None.INSTANCE;
    }

    /** Values of the model's inputs by their names. */
    static Tensors tensors(Map<String, TensorValue> values) {
        return new Tensors(values);
    }

    /** A class. */
    static Condition label(int label) {
        return new Label(label);
    }
}
