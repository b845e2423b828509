package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.model.TensorValue;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Objects;

/**
 * The conditions that a model takes by its card: what is legal, and what a condition says of each input. Asked for every
 * row of a call, so that nothing is made for what is legal.
 */
public final class CardConditions {
    private final ModelCard card;
    private final List<ModelInput> inputs;
    /** What {@code Condition.Label} and {@code Condition.Embedding} stand for; null if there is none. */
    private final ModelInput label;
    private final ModelInput embedding;

    /** Of a model with this card. */
    public CardConditions(ModelCard card) {
        this.card = card;
        inputs = card.inputs();
        label = card.label().orElse(null);
        embedding = inputs.stream().filter(ModelInput::isEmbedding).findFirst().orElse(null);
    }

    /**
     * Checks a condition.
     *
     * @throws IllegalValueException if the model does not take it; the message names it and what is legal
     */
    public void requireLegal(Condition condition) {
        Objects.requireNonNull(condition, "condition");
        if (condition instanceof Condition.Label given) {
            requireLabel(given);
        } else if (condition instanceof Condition.Embedding given) {
            if (embedding == null || embedding.shape().get(0) != given.tokens()
                    || embedding.shape().get(1) != given.width()) {
                throw illegal(given);
            }
        } else if (condition instanceof Condition.Tensors given) {
            requireValues(given);
        }
        for (int k = 0; k < inputs.size(); k++) {
            ModelInput input = inputs.get(k);
            if (input.nullValue().isEmpty() && !says(condition, input)) {
                throw new IllegalValueException("condition", condition,
                        legal() + ": its card names no null of " + input.name());
            }
        }
    }

    private void requireLabel(Condition.Label given) {
        if (label == null) {
            throw illegal(given);
        }
        if (given.label() >= label.classes()) {
            throw new IllegalValueException("label", given.label(),
                    "0 to " + (label.classes() - 1) + ", for model " + card.name());
        }
    }

    private void requireValues(Condition.Tensors given) {
        int known = 0;
        for (int k = 0; k < inputs.size(); k++) {
            TensorValue value = given.values().get(inputs.get(k).name());
            if (value != null) {
                requireValue(inputs.get(k), value);
                known++;
            }
        }
        if (known < given.values().size()) {
            throw illegal(given);
        }
    }

    private void requireValue(ModelInput input, TensorValue value) {
        if (value.isWhole() != (input.type() == ModelInput.Type.INT64) || !value.hasShape(input.shape())) {
            throw new IllegalValueException("condition " + input.name(), value,
                    words(input) + ", for model " + card.name());
        }
        if (input.isLabel() && !isLabel(input, value.longAt(0))) {
            int last = input.classes() - 1;
            int none = input.nullValue().orElse(0);
            throw new IllegalValueException(input.name(), value.longAt(0), (none == last + 1 ? "0 to " + none
                    : "0 to " + last + (none > last ? ", or " + none : "")) + ", for model " + card.name());
        }
    }

    /** A class, or what stands for none. */
    private static boolean isLabel(ModelInput input, long value) {
        return value >= 0 && value < input.classes()
                || input.nullValue().isPresent() && value == input.nullValue().getAsInt();
    }

    /** Whether a legal condition has a value for an input. */
    private boolean says(Condition condition, ModelInput input) {
        return condition instanceof Condition.Label && input == label
                || condition instanceof Condition.Embedding && input == embedding
                || condition instanceof Condition.Tensors tensors && tensors.values().containsKey(input.name());
    }

    /** Writes what a legal condition says of an input, or else its null. */
    void write(ModelInput input, Condition condition, LongBuffer into) {
        if (!says(condition, input)) {
            while (into.hasRemaining()) {
                into.put(input.nullValue().getAsInt());
            }
        } else if (condition instanceof Condition.Label given) {
            into.put(given.label());
        } else {
            ((Condition.Tensors) condition).values().get(input.name()).writeTo(into);
        }
    }

    /** Writes what a legal condition says of an input, or else its null. */
    void write(ModelInput input, Condition condition, FloatBuffer into) {
        if (!says(condition, input)) {
            while (into.hasRemaining()) {
                into.put(input.nullValue().getAsInt());
            }
        } else if (condition instanceof Condition.Embedding given) {
            given.writeTo(into);
        } else {
            ((Condition.Tensors) condition).values().get(input.name()).writeTo(into);
        }
    }

    private IllegalValueException illegal(Condition condition) {
        return new IllegalValueException("condition", condition, legal() + ", for model " + card.name());
    }

    /** What conditions are, in words. */
    private String legal() {
        if (inputs.isEmpty()) {
            return "none";
        }
        if (inputs.size() == 1) {
            return words(inputs.get(0));
        }
        return "tensors of " + String.join(", ", inputs.stream().map(i -> i.name() + " " + words(i)).toList());
    }

    private static String words(ModelInput input) {
        if (input.isLabel()) {
            return "a label, 0 to " + (input.classes() - 1);
        }
        if (input.isEmbedding() && input.name().equals("encoder_hidden_states")) {
            return "an embedding of " + input.shape().get(0) + " x " + input.shape().get(1);
        }
        return (input.type() == ModelInput.Type.INT64 ? "int64 " : "float32 ") + input.shape();
    }
}
