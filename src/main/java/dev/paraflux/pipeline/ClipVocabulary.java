package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.TextFile;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The files of a CLIP tokenizer.
 *
 * @param pairs   what is merged
 * @param special the tokens that are no words
 * @param length  tokens that a text may have, or the largest int if the files do not say
 */
record ClipVocabulary(BytePairs pairs, Special special, int length) {
    static final String CONFIG = "tokenizer_config.json";
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";
    static final String ALL = "tokenizer.json";
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    /** What Python writes for no limit is far above this. */
    private static final double NO_LIMIT = 1e9;

    /**
     * The tokens that are no words. Where their marks stand in a text they are taken as they are.
     *
     * @param start begins every text
     * @param end   ends every text
     * @param pad   fills it up
     */
    record Special(int start, int end, int pad) {
        /** Where the next mark stands; the end of the text if there is none. */
        int next(String text, int from) {
            int start = text.indexOf(START, from);
            int end = text.indexOf(END, from);
            return start < 0 ? end < 0 ? text.length() : end : end < 0 ? start : Math.min(start, end);
        }

        /** The mark that stands there. */
        String at(String text, int from) {
            return text.startsWith(START, from) ? START : END;
        }

        int id(String mark) {
            return mark.equals(START) ? start : end;
        }
    }

    /** Reads a folder. */
    static ClipVocabulary read(Path folder) throws IOException {
        JsonValue config = config(folder);
        boolean two = Files.isRegularFile(folder.resolve(VOCABULARY)) || Files.isRegularFile(folder.resolve(MERGES));
        return two ? readTwo(folder, config) : readOne(folder, config);
    }

    private static JsonValue config(Path folder) throws IOException {
        return JsonFile.read(PipelineFolder.required(folder, CONFIG,
                "it names the token that texts are filled up with")).requireObject();
    }

    /** What was added to the words of a folder. */
    static AddedTokens added(Path folder, UnaryOperator<String> normal) throws IOException {
        return AddedTokens.read(folder, config(folder), Set.of(START, END), normal);
    }

    private static ClipVocabulary readTwo(Path folder, JsonValue config) throws IOException {
        String why = "a tokenizer of CLIP is " + VOCABULARY + " and " + MERGES + ", or " + ALL;
        Path words = PipelineFolder.required(folder, VOCABULARY, why);
        Path merges = PipelineFolder.required(folder, MERGES, why);
        Map<String, Integer> vocabulary = vocabulary(JsonFile.read(words).requireObject());
        List<String[]> pairs = new ArrayList<>();
        int number = 0;
        for (String line : TextFile.lines(merges)) {
            number++;
            if (line.isBlank() || line.startsWith("#version")) {
                continue;
            }
            pairs.add(pair(line, "line " + number, merges.toString()));
        }
        return of(vocabulary, pairs, merges.toString(), config, words.toString());
    }

    private static ClipVocabulary readOne(Path folder, JsonValue config) throws IOException {
        Path file = PipelineFolder.required(folder, ALL,
                "nor " + VOCABULARY + " with " + MERGES + ", and a tokenizer of CLIP is the one"
                        + " or the other");
        JsonValue model = JsonFile.read(file).get("model");
        JsonValue type = model.get("type");
        if (type.isPresent()) {
            type.choice(Map.of("BPE", true));
        }
        Map<String, Integer> vocabulary = vocabulary(model.get("vocab").requireObject());
        List<String[]> pairs = new ArrayList<>();
        for (JsonValue merge : model.get("merges").list()) {
            if (merge.isText()) {
                pairs.add(pair(merge.text(), "merge " + (pairs.size() + 1), file.toString()));
            } else if (merge.list().size() == 2) {
                pairs.add(new String[] {merge.list().get(0).text(), merge.list().get(1).text()});
            } else {
                throw merge.wrong("a pair of tokens");
            }
        }
        return of(vocabulary, pairs, file.toString(), config, file.toString());
    }

    private static Map<String, Integer> vocabulary(JsonValue words) {
        Map<String, Integer> vocabulary = new HashMap<>();
        for (String word : words.keys()) {
            vocabulary.put(word, words.get(word).integer(0, Integer.MAX_VALUE));
        }
        return vocabulary;
    }

    private static String[] pair(String text, String name, String place) {
        String[] pair = BytePairs.pair(text);
        if (pair == null) {
            throw new IllegalValueException(name, text, "two tokens with one blank between").in(place);
        }
        return pair;
    }

    private static ClipVocabulary of(Map<String, Integer> vocabulary, List<String[]> pairs, String place,
            JsonValue config,
            String words) {
        int start = id(vocabulary, START, "bos_token", config, words);
        int end = id(vocabulary, END, "eos_token", config, words);
        int pad = id(vocabulary, END, "pad_token", config, words);
        int unknown = id(vocabulary, END, "unk_token", config, words);
        int length = Integer.MAX_VALUE;
        if (config.has("model_max_length")) {
            double most = config.get("model_max_length").number(n -> n >= 2, "2 or more");
            length = most > NO_LIMIT ? length : (int) most;
        }
        return new ClipVocabulary(new BytePairs(vocabulary, pairs, unknown, place), new Special(start, end, pad),
                length);
    }

    /** The id of what a key names, a text or an object with one. */
    private static int id(Map<String, Integer> vocabulary, String byDefault, String key, JsonValue config,
            String words) {
        String token = byDefault;
        if (config.has(key)) {
            JsonValue value = config.get(key);
            token = value.isText() ? value.text() : value.get("content").text();
        }
        Integer id = vocabulary.get(token);
        if (id == null) {
            JsonValue value = config.get(key);
            throw value.isPresent() ? value.wrong("a token of " + words)
                    : IllegalValueException.missing(token, "among the tokens").in(words);
        }
        return id;
    }
}
