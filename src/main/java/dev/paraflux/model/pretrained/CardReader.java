package dev.paraflux.model.pretrained;

import dev.paraflux.json.JsonValue;
import dev.paraflux.schedule.SchedulerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the JSON of a {@link ModelCard}. */
final class CardReader {
    /** What a card may say, first what the library reads. */
    private static final List<String> KEYS = List.of("format", "name", "shape", "inputs", "labels", "nullLabel",
            "embedding", "defaultGuidance", "scheduler", "licence", "trained", "notes");
    private static final List<String> INPUT_KEYS = List.of("name", "type", "shape", "classes", "null", "joined");

    /** The inputs that have a short form: their names alone, and a key beside them. */
    private static final String LABEL = "label";
    private static final String EMBEDDING = "encoder_hidden_states";

    private static final Map<String, ModelInput.Type> TYPES = Map.of("float32", ModelInput.Type.FLOAT32, "int64",
            ModelInput.Type.INT64);

    private final JsonValue json;
    private final List<ModelInput> inputs = new ArrayList<>();
    private boolean labelled;
    private boolean embedded;

    private CardReader(JsonValue json) {
        this.json = json;
    }

    static ModelCard read(JsonValue json) {
        return new CardReader(json).card();
    }

    private ModelCard card() {
        json.get("format").integer(1, 1);
        json.requireKeys(KEYS);
        List<JsonValue> all = json.get("inputs").list();
        if (all.size() < 2) {
            throw json.get("inputs").wrong("a list that begins with the names of x and t");
        }
        String x = all.get(0).text();
        String t = all.get(1).text();
        all.subList(2, all.size()).forEach(this::addInput);
        requireLeftOut(!labelled, "labels", "for a module that takes no label");
        requireLeftOut(!labelled, "nullLabel", "for a module that takes no label");
        requireLeftOut(!embedded, "embedding", "for a module that takes none");
        String name = json.has("name") ? json.get("name").text() : "model";
        double guidance = json.has("defaultGuidance") ? json.get("defaultGuidance").number() : 1;
        List<Integer> shape = integers(json.get("shape"));
        SchedulerConfig scheduler = SchedulerConfig.parse(json.get("scheduler"));
        return json.make(() -> new ModelCard(name, shape, x, t, inputs, guidance, scheduler));
    }

    private void requireLeftOut(boolean leftOut, String key, String why) {
        if (leftOut && json.has(key)) {
            throw json.get(key).wrong("left out " + why);
        }
    }

    private void addInput(JsonValue input) {
        if (!input.isText()) {
            inputs.add(described(input.requireObject().requireKeys(INPUT_KEYS)));
        } else if (input.text().equals(LABEL)) {
            labelled = true;
            int classes = json.get("labels").integer(1, Integer.MAX_VALUE);
            inputs.add(ModelInput.label(classes, json.has("nullLabel")
                    ? OptionalInt.of(json.get("nullLabel").integer(0, Integer.MAX_VALUE)) : OptionalInt.empty()));
        } else if (input.text().equals(EMBEDDING)) {
            embedded = true;
            JsonValue sizes = json.get("embedding");
            if (sizes.list().size() != 2) {
                throw sizes.wrong("a list of 2 sizes, tokens and width");
            }
            inputs.add(sizes.make(() -> new ModelInput(EMBEDDING, ModelInput.Type.FLOAT32, integers(sizes), 0,
                    OptionalInt.empty())));
        } else {
            throw input.wrong(LABEL + ", " + EMBEDDING + ", or an object with name, type and shape");
        }
    }

    private static ModelInput described(JsonValue input) {
        String name = input.get("name").text();
        ModelInput.Type type = input.has("type") ? input.get("type").choice(TYPES)
                : input.has("classes") ? ModelInput.Type.INT64 : ModelInput.Type.FLOAT32;
        List<Integer> shape = input.has("shape") ? integers(input.get("shape")) : List.of();
        int classes = input.has("classes") ? input.get("classes").integer(1, Integer.MAX_VALUE) : 0;
        OptionalInt nullValue = input.has("null") ? OptionalInt.of(input.get("null").integer(0, Integer.MAX_VALUE))
                : OptionalInt.empty();
        boolean joined = input.has("joined") && input.get("joined").flag();
        return input.make(() -> new ModelInput(name, type, shape, classes, nullValue, joined));
    }

    private static List<Integer> integers(JsonValue list) {
        return list.list().stream().map(JsonValue::integer).toList();
    }
}
