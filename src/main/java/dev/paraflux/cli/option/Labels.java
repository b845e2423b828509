package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code --labels} mean to a model. */
final class Labels {
    private Labels() {}

    /**
     * One condition for each label that was given; else so many as by default, labels 0, 1, 2, ... round and round.
     *
     * @param given null for none
     * @throws IllegalValueException if the model takes no label, or something else than labels
     */
    static List<Condition> conditions(ModelCard card, List<Integer> given, int byDefault) {
        boolean labelled = card.labels() > 0;
        if (!labelled && !card.inputs().isEmpty()) {
            throw new IllegalValueException("model", card.name(), "one that takes a label or nothing; this one takes "
                    + card.inputs().stream().map(ModelInput::name).collect(Collectors.joining(", "))
                    + ": sample it from Java, with a Condition.Embedding or Condition.Tensors");
        }
        if (given != null && !labelled) {
            throw new IllegalValueException("--labels", given, "left out, as model " + card.name() + " takes no label");
        }
        if (given != null) {
            given.forEach(label -> Require.between(0, card.labels() - 1, "--labels", label));
            return given.stream().map(Condition::label).toList();
        }
        return IntStream.range(0, byDefault)
                .mapToObj(s -> labelled ? Condition.label(s % card.labels()) : Condition.none()).toList();
    }
}
